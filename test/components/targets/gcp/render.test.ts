import { expect } from "chai";
import type { FirewallRule } from "../../../../components/core/network/firewall";
import { machinesOf, type Plan } from "../../../../components/core/plan/plan";
import { admits, cloudRules, renderGcp } from "../../../../components/targets/gcp/render";
import { hostOf, planOf } from "../../../support/sample";
import { HOSTS, memberOf, sample } from "./sample";

const plan = planOf(sample());
const accountsOf = (of: Plan) =>
  Object.fromEntries(renderGcp(of).accounts.map(({ key, rules }) => [key, rules]));

/** Which of its ranges a rule names first says nothing; how many connections an address may have, the host alone holds. */
const sorted = (rules: readonly FirewallRule[]) =>
  rules.map(({ perAddress: _, ...rule }) => ({
    ...rule,
    from: rule.from === "anyone" ? rule.from : [...rule.from].sort(),
  }));

describe("the firewall on Google Cloud", () => {
  for (const host of machinesOf(plan))
    it(`admits exactly what the host's own does: ${host.name}`, () => {
      expect(sorted(admits(cloudRules(host)))).to.deep.equal(sorted(host.firewall));
    });

  it("has one family of addresses in a rule, and IPv6 in rules of its own", () => {
    const ssh = cloudRules(hostOf(plan, "seed-1")).filter(({ port }) => port === 22);
    expect(ssh).to.deep.equal([
      { name: "ssh", protocol: "tcp", port: 22, sourceRanges: ["203.0.113.0/24"] },
      { name: "ssh-ipv6", protocol: "tcp", port: 22, sourceRanges: ["2001:db8:7::/48"] },
    ]);
  });

  it("lets ICMP in, without which large packets vanish", () => {
    const protocols = cloudRules({ firewall: [] }).map(({ protocol }) => protocol);
    expect(protocols).to.deep.equal(["icmp", "58"]);
  });

  it("lets the balancer's probes in to members of pools alone", () => {
    const probes = (text: unknown) => JSON.stringify(text).includes("35.191.0.0/16");
    expect(probes(memberOf(plan, "rpc").firewall)).to.equal(true);
    expect(plan.hosts.filter(({ firewall }) => probes(firewall))).to.deep.equal([]);
  });

  it("aims at one account a role, and one for pools", () => {
    expect(Object.keys(accountsOf(plan))).to.deep.equal([
      ...["seed", "validator", "rpc", "archive", "monitor", "rpc-pool"],
    ]);
  });

  it("gives a group whose settings differ an account of its own, and every host its own rules", () => {
    const hosts = `${HOSTS}
  relay: { role: seed, services: { nodeos: { p2pPort: 9877 } } }
  third: { role: seed }`;
    const differing = planOf(sample({ hosts }));
    const rendered = renderGcp(differing);
    const accountOf = (name: string) => rendered.hosts.find(({ host }) => host.name === name)?.account;
    expect(["seed-1", "relay", "third"].map(accountOf)).to.deep.equal(["seed", "seed-relay", "seed"]);
    for (const { host, account } of rendered.hosts)
      expect(sorted(admits(accountsOf(differing)[account] ?? []))).to.deep.equal(sorted(host.firewall));
  });
});

describe("a pool on Google Cloud whose balancer ends TLS", () => {
  const https = planOf(
    sample({
      target:
        "admins: [203.0.113.0/24], balancer: { firewall: { requestsIn5Minutes: 3000, bodyBytes: 200000 } }",
      hosts: HOSTS.replace("max: 4 } }", "max: 4 }, services: { proxy: { tls: balancer } } }"),
    }),
  );
  const member = memberOf(https, "rpc");
  const frontEnds = ["35.191.0.0/16", "130.211.0.0/22"];
  const edge = (host: typeof member) =>
    JSON.stringify(host.services.flatMap(({ files }) => files).filter(({ path }) => /haproxy/.test(path)));

  it("lets Google's front ends alone in to what it serves and to its health, and nobody to more", () => {
    const { serves, probes } = https.pools[0] ?? {};
    const from = (port: number | undefined) => member.firewall.find((rule) => rule.port === port)?.from;
    expect(from(serves?.port)).to.deep.equal(frontEnds);
    expect(from(probes?.port)).to.include.members(frontEnds);
    expect(JSON.stringify(member.firewall)).not.to.match(/anyone|209\.85/);
    expect(sorted(admits(cloudRules(member)))).to.deep.equal(sorted(member.firewall));
  });

  it("takes the last word but one for the client: the last is the balancer's own", () => {
    expect(edge(member)).to.include('"set-src","req.hdr_ip(x-forwarded-for,-2)"');
    expect(edge(member)).not.to.include("x-forwarded-for,-1");
    for (const network of frontEnds) expect(edge(member)).to.include(network);
    expect(edge(hostOf(https, "writes"))).not.to.include("x-forwarded-for,-");
  });

  it("keeps connections for longer than Google uses them", () => {
    expect(edge(member)).to.include('"http-keep-alive","630s"');
  });

  it("is as before in everything else", () => {
    const { firewall: _, services: __, ...rest } = memberOf(plan, "rpc");
    const { firewall: ___, services: ____, ...other } = member;
    expect(other).to.deep.equal(rest);
    expect(https.hosts).to.deep.equal(plan.hosts.map((host) => hostOf(https, host.name)));
  });

  it("costs what a web firewall costs, beside the balancer", () => {
    const lines = https.cost?.shared.filter(({ what }) => what.endsWith("of rpc")) ?? [];
    expect(lines.map(({ what }) => what)).to.deep.equal([
      "load balancer of rpc",
      "public IPv4 address of rpc",
      "web firewall of rpc",
    ]);
    expect(lines[2]?.monthly).to.equal(7);
  });

  it("has names that the API takes, however long the stack's", () => {
    const [long] = renderGcp({ ...https, stack: "s".repeat(54) }).pools;
    const { redirect, certificate } = long?.https ?? {};
    const name = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
    expect(redirect).to.match(name);
    expect(certificate && "name" in certificate ? certificate.name : "").to.match(name);
  });

  it("has another certificate for other names, since Google's never change theirs", () => {
    const nameOf = (of: Plan) => {
      const certificate = renderGcp(of).pools[0]?.https?.certificate;
      return certificate && "name" in certificate ? certificate : undefined;
    };
    const records = https.names?.records.map((each) => ({ ...each, name: `other-${each.name}` })) ?? [];
    const renamed = { ...https, ...(https.names ? { names: { ...https.names, records } } : {}) };
    expect(nameOf(https)?.names).to.deep.equal(["rpc.nodes.example.org"]);
    expect(nameOf(renamed)?.name).not.to.equal(nameOf(https)?.name);
  });
});

describe("what is made on Google Cloud", () => {
  const stack = renderGcp(plan);

  it("has names that the API takes, all different", () => {
    const names = [
      ...stack.accounts.flatMap(({ rules }) => rules.map(({ fullName }) => fullName)),
      ...stack.hosts.flatMap(({ name, data }) => [name, data.name]),
      ...stack.pools.map(({ name }) => name),
    ];
    for (const name of names) expect(name).to.match(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
    expect(new Set(names).size).to.equal(names.length);
    for (const { accountId } of stack.accounts) expect(accountId).to.match(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });

  it("keeps names apart that have to be cut", () => {
    const long = renderGcp({ ...plan, stack: "s".repeat(20) });
    const ids = long.accounts.map(({ accountId }) => accountId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.have.length.at.most(30);
  });

  it("holds every release once in the mirror, none where the operator has a mirror", () => {
    const hashes = machinesOf(plan).flatMap(({ releases }) => releases.map(({ sha256 }) => sha256));
    expect(stack.mirror?.files).to.have.members([...new Set(hashes)]);
    const target = "admins: [203.0.113.0/24], mirror: https://mirror.example.org";
    expect(renderGcp(planOf(sample({ target }))).mirror).to.equal(undefined);
  });

  it("names hosts in the cluster by their fixed addresses, and the world's names by what is made", () => {
    const [cluster, outside] = stack.zones;
    expect(cluster?.domain).to.equal(`${plan.stack}.internal`);
    expect(cluster?.records.map(({ name }) => name)).to.deep.equal(
      plan.hosts.map(({ clusterName }) => clusterName),
    );
    expect(outside?.records.find(({ name }) => name.startsWith("seed2."))?.answers).to.deep.equal([
      { host: "seed-2" },
    ]);
    expect(outside?.records.find(({ name }) => name.startsWith("rpc."))?.answers).to.deep.equal([
      { pool: "rpc" },
    ]);
  });

  it("fits in what Compute Engine takes as user data", () => {
    for (const { birth } of [...stack.hosts, ...stack.pools])
      expect(Buffer.byteLength(birth.userData)).to.be.below(256 * 1024);
  });
});

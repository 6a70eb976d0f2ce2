import { expect } from "chai";
import type { HostPlan, Plan } from "../../../../components/core/plan/plan";
import type { HaproxySection } from "../../../../components/core/services/service";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const { rpc: _, writes: __, ...OTHERS } = HOSTS;
const withHosts = (hosts: Record<string, unknown>) => cloudStack({ hosts: { ...OTHERS, ...hosts } });
const ALONE = { scaling: false };

const sectionsOf = ({ services }: HostPlan): HaproxySection[] =>
  services
    .flatMap(({ files }) => files)
    .flatMap(({ content }) => (content.format === "haproxy" ? content.sections : []));

/** `host:port` of the servers of a backend. */
const servers = (host: HostPlan, backend: string): string[] | undefined =>
  sectionsOf(host)
    .find(({ kind, name }) => kind === "backend" && name === backend)
    ?.lines.flatMap(([word, , where]) => (word === "server" && where ? [where] : []));

/** `host:port` of the writers that the gateway sends transactions to. */
const writersOf = ({ services }: HostPlan): string[] =>
  services
    .flatMap(({ files }) => files)
    .flatMap(({ path, content }) =>
      path.endsWith("/edge.json") && content.format === "json" ? content.value : [],
    )
    .flatMap((value) => (value as { writers: { url: string }[] }).writers)
    .map(({ url }) => url.replace("http://", ""));

const machine = ({ hosts, pools }: Plan, name: string): HostPlan => {
  const found = [...hosts, ...pools.map(({ member }) => member)].find((each) => each.name === name);
  if (!found) throw new Error(`no host ${name}`);
  return found;
};
const unitsOf = ({ services }: HostPlan) => services.map(({ unit }) => unit);

describe("a counted group", () => {
  const rpc = (count: unknown) => ({ rpc: { role: "rpc", ...(count === undefined ? {} : { count }) } });
  const CASES: [
    name: string,
    hosts: Record<string, unknown>,
    scaling: boolean,
    hosts: string[],
    pools: string[],
  ][] = [
    ["without a count is one host", rpc(undefined), true, ["rpc"], []],
    ["of a number is a pool of that size", rpc(3), true, [], ["rpc 3–3"]],
    ["of a range is a pool that grows", rpc({ min: 1, max: 4 }), true, [], ["rpc 1–4"]],
    ["is so many hosts where the target makes none itself", rpc(3), false, ["rpc-1", "rpc-2", "rpc-3"], []],
    ["of one is a host with a number", rpc(1), false, ["rpc-1"], []],
    [
      "of a role that does not scale is so many hosts",
      { relay: { role: "seed", count: 2 } },
      true,
      ["relay-1", "relay-2"],
      [],
    ],
    [
      "may stand beside another of its role",
      { ...rpc(2), reads: { role: "rpc", count: { min: 2, max: 3 } } },
      true,
      [],
      ["rpc 2–2", "reads 2–3"],
    ],
  ];
  for (const [name, hosts, scaling, fixed, pools] of CASES) {
    it(name, () => {
      const plan = cloudPlan(withHosts(hosts), { traits: { scaling } });
      const others = ["seed-1", "seed-2", "seed-3", "producer", "history", "watch"];
      expect(plan.hosts.map((host) => host.name).filter((each) => !others.includes(each))).to.deep.equal(
        fixed,
      );
      expect(plan.pools.map(({ name: pool, min, max }) => `${pool} ${min}–${max}`)).to.deep.equal(pools);
    });
  }

  const WRONG: [name: string, hosts: Record<string, unknown>, scaling: boolean, said: string[]][] = [
    ["a min above its max", rpc({ min: 4, max: 2 }), true, ["hosts.rpc.count: has a min above its max"]],
    ["none at all", rpc(0), true, ["hosts.rpc.count: must be at least 1"]],
    ["a pool that may be empty", rpc({ min: 0, max: 2 }), true, ["hosts.rpc.count.min: must be at least 1"]],
    [
      "a range where the target makes no machines itself",
      rpc({ min: 2, max: 4 }),
      false,
      ["hosts.rpc.count: cloud makes no machines by itself: write one number, the hosts there shall be"],
    ],
    [
      "a range of a role that does not scale",
      { relay: { role: "seed", count: { min: 2, max: 4 } } },
      true,
      ["hosts.relay.count: is a map of keys, must be a number"],
    ],
  ];
  for (const [name, hosts, scaling, said] of WRONG) {
    it(`says what is wrong with ${name}`, () => {
      const { findings } = judgeCloud(withHosts(hosts), { traits: { scaling } });
      const errors = findings.filter(({ severity }) => severity === "error");
      expect(errors.map(({ path, message }) => `${path}: ${message}`)).to.deep.equal(said);
    });
  }
});

describe("a pool", () => {
  const plan = cloudPlan();
  const member = machine(plan, "rpc");

  it("is served at its public listener and asked for health at the agent's", () => {
    const [pool] = plan.pools;
    expect([pool?.serves, pool?.probes]).to.deep.equal([
      { name: "rpc", port: 80, protocol: "tcp", exposure: "public" },
      { name: "agent", port: 9400, protocol: "tcp", exposure: "cluster", probed: true, scraped: true },
    ]);
  });

  it("lets the balancer's probes in, at that listener alone", () => {
    const probed = member.firewall.filter(
      ({ from }) => from !== "anyone" && from.includes("198.51.100.0/24"),
    );
    expect(probed.map(({ name }) => name)).to.deep.equal(["agent"]);
  });

  it("holds no secret and runs nothing that needs one", () => {
    expect(member.secrets).to.deep.equal([]);
    expect(unitsOf(member)).to.deep.equal([
      "nodeos",
      "evm-node",
      "evm-rpc-1",
      "nodewright-edge",
      "proxy",
      "nodewright-agent",
      "nodewright-node-exporter",
    ]);
  });

  it("is no remote of any fixed host", () => {
    expect(servers(machine(plan, "writes"), "reads")).to.deep.equal(["127.0.0.1:8881"]);
  });

  it("sends writes to the fixed hosts that hold the key", () => {
    const two = cloudPlan(withHosts({ rpc: HOSTS.rpc, writes: { role: "rpc" }, more: { role: "rpc" } }));
    expect(writersOf(machine(two, "rpc"))).to.deep.equal([
      "writes.test.internal:18888",
      "more.test.internal:18888",
    ]);
    expect(writersOf(machine(two, "writes"))).to.deep.equal(["127.0.0.1:18888"]);
  });

  it("opens the wrapper of a fixed host to the cluster, which is shut where there is no pool", () => {
    const exposure = (from: Plan) =>
      machine(from, "writes").listeners.find(({ name }) => name === "wrapper")?.exposure;
    expect(exposure(plan)).to.equal("cluster");
    expect(exposure(cloudPlan(withHosts({ writes: HOSTS.writes })))).to.equal("loopback");
  });

  it("without a host that takes writes is warned of, and has no writer to send to", () => {
    const raw = withHosts({ rpc: HOSTS.rpc });
    const said = judgeCloud(raw).findings.filter(({ path }) => path === "hosts.rpc");
    expect(said).to.deep.equal([
      {
        severity: "warning",
        path: "hosts.rpc",
        message:
          "answers reads only: a machine that the cloud makes by itself holds no key. For writes add a host without a count, say rpc-writes: { role: rpc }",
      },
    ]);
    expect(writersOf(machine(cloudPlan(raw), "rpc"))).to.deep.equal([]);
  });
});

describe("a group without a cloud's balancer", () => {
  const plan = cloudPlan(withHosts({ rpc: { role: "rpc", count: 3 }, other: { role: "rpc", count: 1 } }), {
    traits: ALONE,
  });

  it("shares its reads with the others of the group, and of no other group", () => {
    expect(servers(machine(plan, "rpc-2"), "reads")).to.deep.equal([
      "127.0.0.1:8881",
      "rpc-1.test.internal:8546",
      "rpc-3.test.internal:8546",
    ]);
    expect(servers(machine(plan, "other-1"), "reads")).to.deep.equal(["127.0.0.1:8881"]);
  });

  it("answers the others from its own processes alone, so that no call goes in a circle", () => {
    expect(servers(machine(plan, "rpc-2"), "own")).to.deep.equal(["127.0.0.1:8881"]);
  });

  it("takes writes at every host, by itself", () => {
    for (const name of ["rpc-1", "rpc-2", "rpc-3"])
      expect(writersOf(machine(plan, name))).to.deep.equal(["127.0.0.1:18888"]);
  });

  it("opens the members' port to the cluster alone", () => {
    const rule = machine(plan, "rpc-1").firewall.find(({ name }) => name === "members");
    expect(rule).to.deep.include({ port: 8546, from: ["10.90.0.0/16", "fd90::/64"] });
  });

  it("has no such port where a host stands alone", () => {
    const { listeners } = machine(cloudPlan(withHosts({ rpc: { role: "rpc" } }), { traits: ALONE }), "rpc");
    expect(listeners.map(({ name }) => name)).not.to.include("members");
  });
});

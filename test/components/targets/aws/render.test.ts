import { expect } from "chai";
import fc from "fast-check";
import { overlaps } from "../../../../components/core/network/address";
import type { FirewallRule } from "../../../../components/core/network/firewall";
import { machinesOf } from "../../../../components/core/plan/plan";
import { awsConfig } from "../../../../components/targets/aws/config";
import { fittedName } from "../../../../components/targets/aws/names";
import { ipv6Subnet, zoneNetworks } from "../../../../components/targets/aws/network";
import { admits, cloudRules, renderAws } from "../../../../components/targets/aws/render";
import { planOf } from "../../../support/sample";
import { HTTPS_STACK, STACK } from "./stack";

const plan = planOf(STACK());
const stack = renderAws(plan);

describe("a security group of AWS", () => {
  for (const host of machinesOf(plan)) {
    it(`of ${host.name} admits what its nftables admits`, () => {
      // How many connections an address may have, the host alone holds.
      const allowed = host.firewall.map(({ perAddress: _, ...rule }) => rule);
      expect(admits(cloudRules(host))).to.deep.equal(allowed);
    });
  }

  it("admits what any list of rules allows, and names each rule once", () => {
    const cidr = fc.constantFrom("10.0.0.0/8", "203.0.113.7/32", "2001:db8::/32", "fd00::/8");
    const rule = fc.record({
      name: fc.constantFrom("p2p", "ssh", "http"),
      protocol: fc.constantFrom("tcp" as const, "udp" as const),
      port: fc.integer({ min: 1, max: 65535 }),
      from: fc.oneof(fc.constant("anyone" as const), fc.uniqueArray(cidr, { minLength: 1 })),
    });
    const rules = fc.uniqueArray(rule, { selector: ({ name }) => name });
    fc.assert(
      fc.property(rules, (firewall: FirewallRule[]) => {
        fc.pre(new Set(firewall.map(({ protocol, port }) => `${protocol}${port}`)).size === firewall.length);
        const rendered = cloudRules({ firewall });
        expect(admits(rendered)).to.deep.equal(firewall);
        expect(new Set(rendered.map(({ key }) => key)).size).to.equal(rendered.length);
      }),
    );
  });
});

describe("a pool's balancer on AWS", () => {
  const [https] = renderAws(planOf(HTTPS_STACK())).pools;
  const [tcp] = stack.pools;

  it("has other names where it ends TLS: the new one is made before the old one goes", () => {
    expect([tcp?.balancer, tcp?.targets]).to.deep.equal(["sample-rpc", "sample-rpc-80"]);
    expect([https?.balancer, https?.targets]).to.deep.equal(["sample-rpc-https", "sample-rpc-https-80"]);
  });

  it("is let in by a machine's security group as by its nftables", () => {
    const allowed = planOf(HTTPS_STACK()).pools[0]?.member.firewall;
    expect(admits(https?.rules ?? [])).to.deep.equal(allowed);
  });

  it("is open to the world on two ports, and its machines are not", () => {
    expect(admits(https?.https?.rules ?? [])).to.deep.equal([
      { name: "https", protocol: "tcp", port: 443, from: "anyone" },
      { name: "redirect", protocol: "tcp", port: 80, from: "anyone" },
    ]);
    expect(admits(https?.rules ?? []).filter(({ from }) => from === "anyone")).to.deep.equal([]);
  });

  it("stands where no host and no way out has its address", () => {
    for (const { public: subnet, nat } of zoneNetworks(awsConfig.parse({ region: "eu-central-1" }))) {
      const lower = subnet.balancers.split("/")[0];
      expect(subnet.ipv4).to.equal(`${lower}/20`);
      expect(overlaps(subnet.balancers, subnet.hosts)).to.equal(false);
      expect(overlaps(subnet.balancers, `${nat}/32`)).to.equal(false);
    }
  });
});

describe("the network of AWS", () => {
  const zones = zoneNetworks(awsConfig.parse({ region: "eu-central-1", zones: ["a", "c"] }));

  it("has two subnets in each zone, and none moves when a zone is added", () => {
    expect(zones.map(({ zone, public: { ipv4 }, private: inner }) => [zone, ipv4, inner.ipv4])).to.deep.equal(
      [
        ["eu-central-1a", "10.80.0.0/20", "10.80.16.0/20"],
        ["eu-central-1c", "10.80.32.0/20", "10.80.48.0/20"],
      ],
    );
    const more = zoneNetworks(awsConfig.parse({ region: "eu-central-1", zones: ["a", "c", "b"] }));
    expect(more.slice(0, 2)).to.deep.equal(zones);
  });

  it("keeps the upper half of a subnet for hosts and the way out", () => {
    expect(zones[1]?.public.hosts).to.equal("10.80.40.0/21");
    expect(zones[1]?.nat).to.equal("10.80.40.5");
  });

  for (const [block, number, subnet] of [
    ["2600:1f18:12ab:3400::/56", 3, "2600:1f18:12ab:3403::/64"],
    ["2001:db8:1f::/56", 255, "2001:db8:1f:ff::/64"],
  ] as const)
    it(`has ${subnet} in ${block}`, () => expect(ipv6Subnet(block, number)).to.equal(subnet));

  for (const block of ["10.0.0.0/16", "2600:1f18:12ab:3400::/64", "", "2600:1f18:12ab:3400:1::/56"])
    it(`refuses "${block}"`, () => expect(() => ipv6Subnet(block, 1)).to.throw(RangeError));

  it("has a way out where a host needs one, and in each zone of a pool", () => {
    expect(stack.network.zones.map(({ hasNat }) => hasNat)).to.deep.equal([true, true]);
    const small = planOf(`
network: eos
target: { aws: { region: eu-central-1, admins: [203.0.113.7/32] } }
hosts: { seed: { role: seed, count: 2 }, validator: { role: validator, producer: alice } }
sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]`);
    expect(renderAws(small).network.zones.map(({ hasNat }) => hasNat)).to.deep.equal([true, false]);
  });
});

describe("machines on AWS", () => {
  it("stand where the plan says, each with an address of its zone's subnet", () => {
    for (const { host, address, zone, isPublic } of stack.hosts) {
      expect(zone).to.equal(host.zone);
      expect(isPublic).to.equal(!["validator", "monitor"].includes(host.role));
      expect(address).to.match(/^10\.80\./);
    }
  });

  it("wait for the data disk before they install anything", () => {
    for (const { birth } of [...stack.hosts, ...stack.pools])
      expect(birth.userData).to.include("- /usr/lib/nodewright/data-disk");
  });

  it("have user data within the limit, in the bundle's place its hash where there is no room", () => {
    for (const { birth } of [...stack.hosts, ...stack.pools])
      expect(Buffer.byteLength(birth.userData)).to.be.at.most(16_384);
    const options = Array.from({ length: 200 }, (_, index) => `option-${index}: ${Math.sin(index)}`);
    const long = planOf(
      STACK().replace(
        "{ role: archive }",
        `{ role: archive, services: { nodeos: { options: { ${options.join(", ")} } } } }`,
      ),
    );
    const { hosts, pools, mirror } = renderAws(long);
    const archive = hosts.find(({ host }) => host.name === "archive");
    expect(archive?.birth.byHash).to.equal(true);
    expect(Buffer.byteLength(archive?.birth.userData ?? "")).to.be.at.most(16_384);
    const named = [...hosts, ...pools].filter(({ birth }) => birth.byHash);
    expect(mirror?.bundles.map(({ sha256 }) => sha256)).to.have.members(
      named.map(({ birth }) => birth.bundle.sha256),
    );
    expect(mirror?.bundles.find(({ sha256 }) => sha256 === archive?.birth.bundle.sha256)?.json).to.equal(
      archive?.birth.bundle.json,
    );
  });

  it("find every artifact in the mirror, once", () => {
    const wanted = machinesOf(plan).flatMap(({ releases }) => releases.map(({ sha256 }) => sha256));
    expect(stack.mirror?.artifacts).to.have.members([...new Set(wanted)]);
    expect(plan.mirror).to.equal(`https://${stack.mirror?.bucket}.s3.eu-central-1.amazonaws.com`);
  });
});

describe("a name of AWS", () => {
  for (const [parts, name] of [
    [["sample", "rpc"], "sample-rpc"],
    [["Sample_1", "rpc"], /^sample-1-rpc-[0-9a-f]{8}$/],
    [["a-stack-with-a-long-name", "and-a-long-pool"], /^a-stack-with-a-long-nam-[0-9a-f]{8}$/],
  ] as const)
    it(`of ${parts.join(" and ")} has at most 32 letters`, () => {
      const fitted = fittedName(parts, 32);
      expect(fitted.length).to.be.at.most(32);
      if (typeof name === "string") expect(fitted).to.equal(name);
      else expect(fitted).to.match(name);
    });

  it("that is cut differs wherever its parts do", () => {
    const long = "x".repeat(40);
    expect(fittedName([long, "a"], 32)).not.to.equal(fittedName([long, "b"], 32));
  });
});

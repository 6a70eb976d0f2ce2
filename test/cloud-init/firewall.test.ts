import { expect } from "chai";
import { firewallRuleset } from "../../cloud-init/emit/nftables";
import { planFirewall } from "../../components/core/network/firewall";
import { tcp } from "../../components/core/network/listener";
import { planOf } from "../support/sample";

type Rule = {
  add?: { rule?: { comment: string; expr: unknown[] }; chain?: { name: string; policy: string } };
};

const rulesOf = (ruleset: { nftables: unknown[] }) =>
  (ruleset.nftables as Rule[]).flatMap(({ add }) => add?.rule ?? []);

describe("the firewall of a plan", () => {
  const plan = planOf();

  for (const host of plan.hosts) {
    it(`of ${host.name} opens exactly its listeners that are not on loopback`, () => {
      const open = host.listeners.filter(({ exposure }) => exposure !== "loopback").map(({ port }) => port);
      expect(host.firewall.map(({ port }) => port)).to.deep.equal(open);
    });
  }

  it("lets nobody from outside reach a validator", () => {
    const validator = plan.hosts.find(({ role }) => role === "validator");
    expect(validator?.firewall.filter(({ from }) => from === "anyone")).to.deep.equal([]);
  });

  it("opens SSH to the operator's addresses alone", () => {
    for (const { firewall } of plan.hosts) {
      expect(firewall.find(({ name }) => name === "ssh")?.from).to.deep.equal([
        "10.77.0.1/32",
        "fd00:77::1/128",
      ]);
    }
  });

  it("limits what one address may have of a public p2p port, and of no other", () => {
    const limited = plan.hosts.flatMap(({ name, firewall }) =>
      firewall.flatMap((rule) => (rule.perAddress === undefined ? [] : [`${name} ${rule.name}`])),
    );
    expect(limited).to.deep.equal(["seed-a p2p"]);
  });

  it("opens nothing for a zone without addresses", () => {
    expect(
      planFirewall([tcp("a", 1, "cluster"), tcp("b", 2, "admin"), tcp("c", 3, "loopback")], {
        cluster: [],
        admin: [],
        probes: [],
      }),
    ).to.deep.equal([]);
  });
});

describe("the nftables ruleset", () => {
  const ruleset = firewallRuleset([
    { name: "p2p", protocol: "tcp", port: 9876, from: "anyone" },
    { name: "ssh", protocol: "tcp", port: 22, from: ["10.0.0.0/8", "fd00::/8"] },
    { name: "v4", protocol: "tcp", port: 1, from: ["10.0.0.0/8"] },
  ]);

  it("drops what it does not allow, in and through", () => {
    const chains = (ruleset.nftables as Rule[]).flatMap(({ add }) => add?.chain ?? []);
    expect(chains.map(({ name, policy }) => `${name} ${policy}`)).to.deep.equal([
      "input drop",
      "forward drop",
    ]);
  });

  it("has a rule for each family that a source is of", () => {
    const names = rulesOf(ruleset).map(({ comment }) => comment);
    expect(names).to.deep.equal([
      "replies",
      "loopback",
      "icmp",
      "icmpv6",
      "dhcpv6",
      "p2p",
      "ssh",
      "ssh",
      "v4",
    ]);
  });

  it("counts the connections of an address before it takes one more, where that is limited", () => {
    const limited = firewallRuleset([
      { name: "p2p", protocol: "tcp", port: 9876, from: "anyone", perAddress: 10 },
    ]);
    expect(rulesOf(limited).map(({ comment }) => comment)).to.deep.equal([
      ...["replies", "loopback", "icmp", "icmpv6", "dhcpv6"],
      ...["p2p: more than 10 of one address", "p2p: more than 10 of one address", "p2p"],
    ]);
  });

  it("keeps neighbour discovery, without which IPv6 is dead", () => {
    const icmpv6 = rulesOf(ruleset).find(({ comment }) => comment === "icmpv6");
    expect(JSON.stringify(icmpv6)).to.include("nd-neighbor-solicit").and.include("nd-neighbor-advert");
  });

  it("replaces its own table and no other", () => {
    expect(JSON.stringify(ruleset)).not.to.include("flush");
  });
});

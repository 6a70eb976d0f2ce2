import { expect } from "chai";
import { singlePoints } from "../../../../components/core/plan/checks/single-points";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const { seed, rpc, writes } = HOSTS;
const seeds = { seed };
const pointsOf = (hosts: Record<string, unknown>, zones = ["a", "b"]) =>
  singlePoints(cloudPlan(cloudStack({ hosts, target: { cloud: { zones } } })));
const rpcOf = (count: unknown) => ({ role: "rpc", count });

describe("a single point of failure", () => {
  const CASES: [name: string, hosts: Record<string, unknown>, zones: string[], points: string[]][] = [
    ["is none of three seeds in two zones", seeds, ["a", "b"], []],
    [
      "is a role that one host serves",
      { seed: { role: "seed" } },
      ["a", "b"],
      ["hosts.seed seed is the only seed: public p2p relay"],
    ],
    ["is a zone that holds every host of a role", seeds, ["a"], ["hosts.seed every seed is in here-a"]],
    [
      "is so for two groups of one host each",
      { left: { role: "seed" }, right: { role: "seed" } },
      ["a", "b"],
      ["hosts.left every seed is in here-a: hosts of one group, with a count, are spread over zones"],
    ],
    [
      "is a pool that may shrink to one host",
      { ...seeds, rpc: rpcOf({ min: 1, max: 3 }) },
      ["a", "b"],
      ["hosts.rpc.count rpc may shrink to one host"],
    ],
    [
      "is a pool of one host",
      { ...seeds, rpc: rpcOf(1) },
      ["a", "b"],
      ["hosts.rpc.count rpc is a pool of one host"],
    ],
    [
      "is a zone that holds every host that takes writes",
      { ...seeds, rpc, writes, more: writes },
      ["a", "b"],
      [
        "hosts.writes every rpc outside the pools is in here-a: hosts of one group, with a count, are spread over zones",
      ],
    ],
    [
      "is the one host that takes writes",
      { ...seeds, rpc, writes },
      ["a", "b"],
      ["hosts.writes writes alone takes writes to the chain"],
    ],
    [
      "is no host of a role that a pool of several serves too",
      { ...seeds, rpc: rpcOf(2), writes },
      ["a", "b"],
      ["hosts.writes writes alone takes writes to the chain"],
    ],
    [
      "is told once of a host that is alone with a pool of one",
      { ...seeds, rpc: rpcOf(1), writes },
      ["a", "b"],
      ["hosts.writes writes alone takes writes to the chain", "hosts.rpc.count rpc is a pool of one host"],
    ],
  ];
  for (const [name, hosts, zones, points] of CASES) {
    it(name, () => {
      const given = Object.fromEntries(
        Object.entries(hosts).map(([key, host]) => [key, JSON.parse(JSON.stringify(host))]),
      );
      expect(pointsOf(given, zones).map(({ path, what }) => `${path} ${what}`)).to.deep.equal(points);
    });
  }

  it("is warned of at the entry of the stack file that makes it", () => {
    const warned = judgeCloud(cloudStack()).findings.filter(({ message }) =>
      message.startsWith("single point"),
    );
    expect(warned.map(({ severity, path }) => `${severity} ${path}`)).to.deep.equal([
      "warning hosts.producer",
      "warning hosts.history",
      "warning hosts.watch",
      "warning hosts.writes",
    ]);
  });

  it("is not warned of in a lab, which is one itself", () => {
    const { findings } = judgeCloud(cloudStack(), { traits: { floors: false } });
    expect(findings.filter(({ message }) => message.startsWith("single point"))).to.deep.equal([]);
  });
});

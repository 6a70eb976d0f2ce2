import { expect } from "chai";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const withHosts = (hosts: Record<string, unknown>, over = {}) => cloudStack({ hosts, ...over });
const errorsOf = (raw: Record<string, unknown>) =>
  judgeCloud(raw).findings.flatMap(({ severity, path, message }) =>
    severity === "error" ? [`${path}: ${message}`] : [],
  );

describe("hosts of one group", () => {
  const zonesOf = (hosts: Record<string, unknown>, zones = ["a", "b"]) =>
    cloudPlan(withHosts(hosts, { target: { cloud: { zones } } })).hosts.map(
      ({ name, zone }) => `${name} ${zone?.replace("here-", "")}`,
    );

  it("are spread over the zones, in turn", () => {
    expect(zonesOf({ seed: { role: "seed", count: 5 } }, ["a", "b", "c"])).to.deep.equal([
      "seed-1 a",
      "seed-2 b",
      "seed-3 c",
      "seed-4 a",
      "seed-5 b",
    ]);
  });

  it("keep their zones when one joins, and when another group does", () => {
    const before = zonesOf({ seed: { role: "seed", count: 3 } });
    expect(
      zonesOf({ more: { role: "seed", count: 3 }, seed: { role: "seed", count: 4 } }),
    ).to.include.members(before);
  });
});

describe("the way to a host that the world does not reach", () => {
  const doors = (hosts: Record<string, unknown>) =>
    Object.fromEntries(
      cloudPlan(withHosts(hosts)).hosts.map(({ name, reachedThrough }) => [name, reachedThrough]),
    );
  const { producer, seed, history, watch, rpc, writes } = HOSTS;

  it("leads through a relay, before any other open host", () => {
    expect(doors({ history, watch, producer, writes, seed })).to.deep.equal({
      history: undefined,
      watch: "seed-1",
      producer: "seed-1",
      writes: undefined,
      "seed-1": undefined,
      "seed-2": undefined,
      "seed-3": undefined,
    });
  });

  it("never leads through a member of a pool, which may be gone tomorrow", () => {
    const { findings, plan } = judgeCloud(withHosts({ rpc, watch }));
    expect(plan?.hosts.map(({ reachedThrough }) => reachedThrough)).to.deep.equal([undefined]);
    expect(
      findings.some(({ path }) => path === "hosts.rpc.role"),
      "an rpc host needs a seed",
    ).to.equal(true);
  });

  it("is there for members of a pool too", () =>
    expect(cloudPlan().pools[0]?.member.reachedThrough).to.equal("seed-1"));
});

describe("hosts without a place", () => {
  const HUGE = { memory: "1 TB" };

  it("are told all at once, each group once", () => {
    const raw = withHosts({
      seed: { role: "seed", count: 3, ...HUGE },
      left: { role: "archive", machine: "gone" },
      watch: { role: "monitor", bareMetal: true },
      rpc: { role: "rpc", count: 2, cores: 99 },
    });
    const problems = errorsOf(raw);
    expect(problems.map((problem) => problem.split(": ")[0])).to.deep.equal([
      "hosts.seed",
      "hosts.left.machine",
      "hosts.watch",
      "hosts.rpc",
    ]);
    expect(problems[0]).to.equal("hosts.seed: no Shop box has 1 TB memory: the nearest, large, has 128 GB");
    expect(problems[2]).to.equal(
      "hosts.watch: no Shop box is bare metal: leave bareMetal out, or use another target",
    );
  });

  it("are no reason to say that others lack them, nor to count what is left", () => {
    const raw = withHosts(
      { seed: { role: "seed", ...HUGE }, history: HOSTS.history },
      { network: "jungle", budget: "1 USD", peers: [] },
    );
    expect(errorsOf(raw).map((problem) => problem.split(": ")[0])).to.deep.equal([
      "hosts.seed",
      "hosts.history.role",
    ]);
  });

  it("leave the others planned", () => {
    const { plan } = judgeCloud(withHosts({ ...HOSTS, history: { role: "archive", ...HUGE } }));
    expect(plan?.hosts.map(({ name }) => name)).to.deep.equal([
      "seed-1",
      "seed-2",
      "seed-3",
      "producer",
      "writes",
      "watch",
    ]);
  });
});

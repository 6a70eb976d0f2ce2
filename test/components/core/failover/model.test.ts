import { expect } from "chai";
import { DEFAULT_TIMING, isSafe, leastLease } from "../../../../components/core/failover/timing";
import { counterExample, type Part, type Times } from "./model";

const TIMES: Times = { fence: 2, stop: 2, age: 2, early: 1, lease: 7 };

/** The same for the plan's own arithmetic. */
const planned = ({ fence, stop, age, early, lease }: Times) => ({
  ...DEFAULT_TIMING,
  fenceSeconds: fence,
  stopSeconds: stop,
  ageSeconds: age,
  earlySeconds: early,
  leaseSeconds: lease,
  drift: 0,
});

/** An age of one tick would stop a producer that signs once a tick. */
const grid = [1, 2].flatMap((fence) =>
  [1, 2].flatMap((stop) =>
    [2, 3].flatMap((age) => [0, 1].map((early) => ({ fence, stop, age, early, lease: 1 }))),
  ),
);

describe("the protocol of the failover, in all interleavings", function () {
  this.timeout(300_000);

  it("lets no slot be signed by two hosts", () => expect(counterExample(TIMES)).to.equal(undefined));

  /** What comes last in the shortest way to two signatures, where a part is missing. */
  const NEEDED: [Part, RegExp][] = [
    ["fence", /the lease ends/],
    ["guard", /the agent is frozen/],
    ["gate", /nodeos hears what came in meanwhile/],
    ["age", /the host is thawed/],
  ];
  for (const [part, sign] of NEEDED)
    it(`needs its ${part}: without it two hosts sign`, () => {
      const way = counterExample(TIMES, [part]);
      expect(way?.join("; ")).to.match(sign);
      expect(way?.filter((step) => step.includes("another takes it"))).to.have.length(1);
      expect(way?.filter((step) => step === "nodeos signs a block")).not.to.be.empty;
    });

  for (const times of grid) {
    const lease = leastLease(planned(times));
    const { fence, stop, age, early } = times;
    it(`is safe just where the plan says so: fence ${fence}, stop ${stop}, age ${age}, early ${early}, lease ${lease}`, () => {
      expect(isSafe(planned({ ...times, lease }))).to.equal(true);
      expect(counterExample({ ...times, lease })).to.equal(undefined);
      expect(isSafe(planned({ ...times, lease: lease - 1 }))).to.equal(false);
      expect(counterExample({ ...times, lease: lease - 1 })).not.to.equal(undefined);
    });
  }
});

import { expect } from "chai";
import fc from "fast-check";
import type { FailoverTiming } from "../../../../components/core/failover/settings";
import {
  crashGap,
  DEFAULT_TIMING,
  inequality,
  irreversibleAge,
  isSafe,
  leastLease,
} from "../../../../components/core/failover/timing";

const times = fc.record({
  fenceSeconds: fc.integer({ min: 1, max: 600 }).map((tenths) => tenths / 10),
  stopSeconds: fc.integer({ min: 1, max: 600 }).map((tenths) => tenths / 10),
  ageSeconds: fc.integer({ min: 10, max: 600 }).map((tenths) => tenths / 10),
  earlySeconds: fc.integer({ min: 0, max: 30 }).map((tenths) => tenths / 10),
  drift: fc.integer({ min: 0, max: 50 }).map((percent) => percent / 100),
});

const withLease = (given: Partial<FailoverTiming>, leaseSeconds: number): FailoverTiming => ({
  ...DEFAULT_TIMING,
  ...given,
  leaseSeconds,
});

describe("the times of a failover", () => {
  it("are safe by default, and say how", () => {
    expect(isSafe(DEFAULT_TIMING)).to.equal(true);
    expect(inequality(DEFAULT_TIMING)).to.equal(
      "fence 4 + stop 3 + age 2 + early 0.6 = 9.6 s, and a lease of 10 s lasts 9.9 s at least (drift 1 %)",
    );
    expect(crashGap(DEFAULT_TIMING)).to.equal(12);
  });

  it("are unsafe as soon as one of them is longer than the lease leaves room for", () => {
    for (const key of ["fenceSeconds", "stopSeconds", "ageSeconds", "earlySeconds"] as const) {
      expect(isSafe({ ...DEFAULT_TIMING, [key]: DEFAULT_TIMING[key] + 0.3 }), key).to.equal(true);
      expect(isSafe({ ...DEFAULT_TIMING, [key]: DEFAULT_TIMING[key] + 0.301 }), key).to.equal(false);
    }
    expect(isSafe({ ...DEFAULT_TIMING, drift: 0.05 })).to.equal(false);
  });

  it("have a least lease: it is safe, and a second less is not", () =>
    fc.assert(
      fc.property(times, (given) => {
        const least = leastLease(withLease(given, 1));
        expect(isSafe(withLease(given, least))).to.equal(true);
        expect(isSafe(withLease(given, least - 1))).to.equal(false);
      }),
    ));

  it("never let nodeos' whole seconds be more than the age that was counted with", () =>
    fc.assert(
      fc.property(times, (given) => {
        expect(irreversibleAge(withLease(given, 1))).to.be.within(1, given.ageSeconds);
      }),
    ));
});

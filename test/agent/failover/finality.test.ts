import { expect } from "chai";
import { ageNote, Finality } from "../../../agent/failover/finality";
import type { FailoverSettings } from "../../../components/core/failover/settings";
import { DEFAULT_TIMING } from "../../../components/core/failover/timing";

const looks = (...seen: [head: number, lib: number][]): number | undefined => {
  const finality = new Finality();
  for (const [number, lib] of seen) finality.see({ head: { number }, lib });
  return finality.stepSeconds;
};
const note = (ageSeconds: number, step: number | undefined): string | undefined =>
  ageNote({ timing: { ...DEFAULT_TIMING, ageSeconds } } as FailoverSettings, step);

describe("how finality comes", () => {
  it("is at once where it follows the head, however seldom one looks", () => {
    expect(looks([10, 9], [11, 10], [12, 11], [13, 12])).to.equal(undefined);
    expect(looks([10, 9], [40, 39], [70, 69], [100, 99])).to.equal(undefined);
  });

  it("is in steps where it stands and then gains a turn", () =>
    expect(looks([20, 0], [21, 0], [31, 0], [32, 13], [44, 13], [45, 26], [56, 26], [57, 39])).to.equal(6));

  it("is not in steps because a chain stood still once", () =>
    expect(looks([20, 0], [21, 20], [22, 21], [23, 22])).to.equal(undefined));

  it("wants an age that outlasts a step, and says which", () => {
    expect(note(2, 6)).to.match(/steps of 6 s.*Write ageSeconds: 8/);
    expect(note(8, 6)).to.equal(undefined);
    expect(note(2, undefined)).to.equal(undefined);
  });
});

import { expect } from "chai";
import type { FailoverStatus } from "../../../agent/failover/status";
import { failoverText } from "../../../agent/failover/status-text";
import { Stops } from "../../../agent/failover/stops";

const told = (changes: Partial<FailoverStatus>): FailoverStatus => ({
  host: "a",
  group: "g",
  producer: "prod",
  time: "2026-11-22T08:00:00Z",
  phase: "standby",
  hindrances: [],
  stops: [],
  fenceSeconds: 4,
  ...changes,
});

describe("a host that stops by itself", () => {
  it("counts an agent that ended while it held, as the guard ends one", () => {
    expect(Stops.after(undefined).recent()).to.deep.equal([]);
    expect(Stops.after(told({})).recent()).to.deep.equal([]);
    expect(
      Stops.after(told({ term: 3 }))
        .recent()
        .map(({ reason }) => reason),
    ).to.deep.equal(["its agent ended while it held, and the guard stopped nodeos"]);
  });

  it("forgets after a quarter of an hour, and not before", () => {
    const stops = Stops.after(undefined);
    stops.add("slow");
    expect(stops.recent(Date.now() + 14 * 60_000)).to.have.length(1);
    expect(stops.recent(Date.now() + 16 * 60_000)).to.deep.equal([]);
  });

  it("says so, and from the second time on what to do", () => {
    const stop = { time: "2026-11-22T07:59:00Z", reason: "no renewal of the lease was answered in time" };
    expect(failoverText(told({ stops: [] }))).not.to.include("stopped by itself");
    expect(failoverText(told({ stops: [stop] })))
      .to.include(`stopped by itself once in the last 15 minutes, last at ${stop.time}: ${stop.reason}`)
      .and.not.include("too slow");
    expect(failoverText(told({ stops: [stop, stop] })))
      .to.include("stopped by itself 2 times")
      .and.include("too slow for a fence of 4 s: mend that, or give it longer times (failover.timing");
  });
});

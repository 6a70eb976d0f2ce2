import { expect } from "chai";
import { judge, type Signed, signedIn } from "../../../lab/drills/failover/judge";

/** Blocks of a host in slots of half a second, by the slot's number. */
const signed = (host: string, ...slots: number[]): Signed[] =>
  slots.map((slot) => ({
    host,
    slot: new Date(1_000_000_000_000 + slot * 500).toISOString().slice(0, -1),
    number: slot,
    id: `${host}${slot}`,
  }));
const TERMS = [
  { term: 1, host: "a" },
  { term: 2, host: "b" },
];

describe("the judge of the failover drill", () => {
  it("finds nothing where one host signed after the other", () => {
    const { doubles, overlaps, longestGap } = judge([...signed("a", 1, 2, 3), ...signed("b", 6, 7)], TERMS);
    expect({ doubles, overlaps, gap: longestGap.slots }).to.deep.equal({ doubles: [], overlaps: [], gap: 2 });
  });

  it("finds a slot that two signed", () => {
    expect(judge([...signed("a", 1, 2), ...signed("b", 2, 3)], TERMS).doubles).to.have.length(1);
  });

  it("finds blocks in turns without a term that says so", () => {
    const { overlaps } = judge([...signed("a", 1, 3), ...signed("b", 2, 4)], TERMS);
    expect(overlaps).to.have.length(1);
    expect(overlaps[0]).to.include("a signed #3 after b's term 2 had begun");
  });

  it("takes the turns of other producers for no gap", () => {
    const own = [...signed("a", 1, 2), ...signed("b", 8)];
    expect(judge(own, TERMS, signed("x", 3, 4, 5, 6)).longestGap.slots).to.equal(1);
  });

  it("reads what nodeos' log says, of a release and of the lab's", () => {
    const log = [
      "info  Produced block 7c0a11… #42 @ 2026-11-22T08:00:00.500 signed by eosio [trxs: 0]",
      "info  Produced block 7c0a12... #43 17 @ 2026-11-22T08:00:01.000 singer: eosio",
      "info  Received block 7c0a13... #44 @ 2026-11-22T08:00:01.500 signed by eosio",
    ].join("\n");
    expect(signedIn("a", log).map(({ number, slot }) => [number, slot])).to.deep.equal([
      [42, "2026-11-22T08:00:00.500"],
      [43, "2026-11-22T08:00:01.000"],
    ]);
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { bytesOf, type Size } from "../../../../components/core/config/units";
import { FULL_NODE, type Hardware, raise } from "../../../../components/core/hardware/hardware";

const size = fc
  .tuple(fc.integer({ min: 1, max: 2000 }), fc.constantFrom("GB", "TB"))
  .map(([amount, unit]): Size => `${amount} ${unit as "GB" | "TB"}`);

const floor: fc.Arbitrary<Hardware> = fc.record(
  {
    cores: fc.integer({ min: 1, max: 256 }),
    memory: size,
    ecc: fc.boolean(),
    disk: size,
    clock: fc.double({ min: 1, max: 6, noNaN: true }),
    source: fc.constantFrom("a plan", "a guide"),
  },
  { requiredKeys: ["memory", "ecc", "disk", "source"] },
);

const figures = ({ cores, memory, ecc, disk, clock }: Hardware) => [
  cores ?? 0,
  bytesOf(memory),
  ecc,
  bytesOf(disk),
  clock ?? 0,
];

describe("a hardware floor, raised", () => {
  it("takes WAX's memory and keeps everything else and both sources", () => {
    expect(raise(FULL_NODE, { memory: "128 GB", source: "the plan, for WAX" })).to.deep.equal({
      memory: "128 GB",
      ecc: true,
      disk: "2 TB",
      source: "TrustEVM deployment plan, hardware requirements; the plan, for WAX",
    });
  });

  it("adds figures that the floor does not have", () => {
    expect(raise(FULL_NODE, { cores: 16, clock: 3.5, source: "a stack" })).to.include({
      cores: 16,
      clock: 3.5,
    });
  });

  it("compares sizes of different units, and never lowers", () => {
    expect(raise({ ...FULL_NODE, disk: "1.5 TB" }, { disk: "1600 GB", source: "x" }).disk).to.equal(
      "1600 GB",
    );
    expect(raise(FULL_NODE, { memory: "8 GB", ecc: false, source: "x" })).to.include({
      memory: "64 GB",
      ecc: true,
    });
  });

  it("says a source once", () => {
    expect(raise(FULL_NODE, FULL_NODE)).to.deep.equal(FULL_NODE);
  });

  it("holds in any order, and is at least as high as both", () => {
    fc.assert(
      fc.property(floor, floor, (left, right) => {
        const both = raise(left, right);
        expect(figures(both)).to.deep.equal(figures(raise(right, left)));
        for (const one of [left, right])
          for (const [index, figure] of figures(one).entries())
            expect(Number(figures(both)[index])).to.be.at.least(Number(figure));
      }),
    );
  });
});

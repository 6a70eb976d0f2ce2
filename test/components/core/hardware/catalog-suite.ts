import { expect } from "chai";
import fc from "fast-check";
import { bytesOf, type Size } from "../../../../components/core/config/units";
import { chooseMachine, type MachineWishes } from "../../../../components/core/hardware/choose-machine";
import { hostCost } from "../../../../components/core/hardware/cost";
import { FULL_NODE, type Hardware, raise } from "../../../../components/core/hardware/hardware";
import type { Catalog, MachineType } from "../../../../components/core/hardware/machine";

const gigabytes = (most: number) => fc.integer({ min: 1, max: most }).map((amount): Size => `${amount} GB`);

const floors: fc.Arbitrary<Hardware> = fc.record(
  {
    cores: fc.integer({ min: 1, max: 64 }),
    memory: gigabytes(800),
    ecc: fc.boolean(),
    disk: gigabytes(8000),
    clock: fc.integer({ min: 20, max: 45 }).map((tenths) => tenths / 10),
    source: fc.constant("a property"),
  },
  { requiredKeys: ["memory", "ecc", "disk", "source"] },
);

const wishesIn = (catalog: Catalog): fc.Arbitrary<MachineWishes> =>
  fc.record(
    {
      bareMetal: fc.boolean(),
      localDiskAtLeast: gigabytes(8000),
      region: fc.constantFrom(...Object.keys(catalog.prices.regionFactor)),
    },
    { requiredKeys: [] },
  );

/** Stated anew here, and not taken from the code under test. */
const meets = (
  machine: MachineType,
  floor: Hardware,
  { bareMetal = false, localDiskAtLeast, region }: MachineWishes,
) =>
  machine.bareMetal === bareMetal &&
  machine.cores >= (floor.cores ?? 0) &&
  bytesOf(machine.memory) >= bytesOf(floor.memory) &&
  (machine.ecc.has || !floor.ecc) &&
  machine.clock >= (floor.clock ?? 0) &&
  bytesOf(machine.localDisk ?? "0 GB") >= bytesOf(localDiskAtLeast ?? "0 GB") &&
  (region === undefined || (machine.regions ?? [region]).includes(region));

/** What holds for the catalog of any cloud. */
export function itIsSound(catalog: Catalog): void {
  const { prices, machines, disks } = catalog;
  const regions = Object.keys(prices.regionFactor);

  it("says when and where its prices are from, in a base region that it knows", () => {
    expect(prices.date).to.match(/^20\d\d(-\d\d){0,2}$/);
    expect(prices.source).to.have.length.above(20);
    expect(prices.regionFactor[prices.baseRegion]).to.equal(1);
    for (const factor of Object.values(prices.regionFactor)) expect(factor).to.be.within(0.8, 2);
  });

  it("names every machine and disk type once", () => {
    for (const names of [machines.map(({ name }) => name), disks.map(({ name }) => name)])
      expect(new Set(names).size).to.equal(names.length);
  });

  it("has sane figures for every machine", () => {
    for (const { name, cores, physical, memory, clock, monthly, localDisk, ecc, ...where } of machines) {
      expect(cores, name).to.be.within(2, 512);
      expect(physical ?? cores, name).to.be.at.most(cores);
      expect(bytesOf(memory) / cores / bytesOf("1 GB"), name).to.be.within(4, 32);
      expect(clock, name).to.be.within(2, 5);
      expect(monthly / cores, name).to.be.within(15, 200);
      expect(bytesOf(localDisk ?? "25 GB"), name).to.be.at.least(bytesOf("25 GB"));
      expect(ecc.source, name).to.have.length.above(20);
      for (const region of where.regions ?? []) expect(regions, name).to.include(region);
      for (const disk of where.disks ?? [])
        expect(
          disks.map((each) => each.name),
          name,
        ).to.include(disk);
    }
  });

  it("has a price for every disk type that grows with all that is bought", () => {
    const [machine] = machines;
    expect(machine).to.not.equal(undefined);
    for (const { name, iops, throughput } of disks) {
      const price = (size: number, more: number) =>
        machine &&
        hostCost(catalog, prices.baseRegion, {
          machine,
          disks: [
            {
              type: name,
              size,
              ...(iops ? { iops: iops.included + more } : {}),
              ...(throughput ? { throughput: throughput.included + more } : {}),
            },
          ],
        })[1]?.monthly;
      expect(price(200, 0)).to.be.above(price(100, 0) ?? Number.NaN);
      if (iops || throughput) expect(price(100, 100)).to.be.above(price(100, 0) ?? Number.NaN);
    }
  });

  it("has a machine for EOS and for WAX, for producers too, in every region", () => {
    for (const region of regions)
      for (const memory of ["64 GB", "128 GB"] as const)
        expect(chooseMachine(catalog, { ...FULL_NODE, memory, clock: 3 }, { region })).to.have.property(
          "machine",
        );
  });

  it("chooses a machine that meets the floor, and none that meets it is cheaper", () => {
    fc.assert(
      fc.property(floors, wishesIn(catalog), (floor, wishes) => {
        const able = machines.filter((machine) => meets(machine, floor, wishes));
        const chosen = chooseMachine(catalog, floor, wishes);
        if ("problem" in chosen) {
          expect(able).to.deep.equal([]);
          expect(chosen.problem).to.match(/the nearest, \S+, has |leave bareMetal out|use another region/);
        } else {
          expect(able).to.include(chosen.machine);
          expect(chosen.machine.monthly).to.equal(Math.min(...able.map(({ monthly }) => monthly)));
        }
      }),
    );
  });

  it("never asks less for a higher floor", () => {
    fc.assert(
      fc.property(floors, floors, wishesIn(catalog), (floor, over, wishes) => {
        const low = chooseMachine(catalog, floor, wishes);
        const high = chooseMachine(catalog, raise(floor, over), wishes);
        if ("machine" in high) {
          expect(low).to.have.property("machine");
          if ("machine" in low) expect(high.machine.monthly).to.be.at.least(low.machine.monthly);
        }
      }),
    );
  });

  it("agrees with itself when the choice is asked for by its name", () => {
    fc.assert(
      fc.property(floors, wishesIn(catalog), (floor, wishes) => {
        const chosen = chooseMachine(catalog, floor, wishes);
        if ("machine" in chosen)
          expect(chooseMachine(catalog, floor, { ...wishes, machine: chosen.machine.name })).to.deep.equal(
            chosen,
          );
      }),
    );
  });
}

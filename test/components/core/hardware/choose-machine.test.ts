import { expect } from "chai";
import {
  type ChosenMachine,
  chooseMachine,
  type MachineWishes,
} from "../../../../components/core/hardware/choose-machine";
import { FULL_NODE, type Hardware } from "../../../../components/core/hardware/hardware";
import { catalogOf, machine } from "./small-catalog";

const shop = catalogOf([
  machine("big", 800, { memory: "128 GB", cores: 16 }),
  machine("b-node", 400),
  machine("a-node", 400),
  machine("no-ecc", 100, { ecc: { has: false, source: "the shop is silent" } }),
  machine("small", 200, { memory: "32 GB", cores: 4 }),
  machine("quick", 900, { clock: 4.5 }),
  machine("stored", 600, { localDisk: "1700 GB", regions: ["there"] }),
  machine("metal", 3000, { memory: "512 GB", cores: 64, bareMetal: true }),
]);

const nameOf = (chosen: ChosenMachine): string =>
  "machine" in chosen ? chosen.machine.name : chosen.problem;
const choose = (floor: Partial<Hardware>, wishes: MachineWishes = {}) =>
  nameOf(chooseMachine(shop, { ...FULL_NODE, ...floor }, wishes));

describe("choosing a machine", () => {
  const chosen: [string, Partial<Hardware>, MachineWishes, string][] = [
    ["the cheapest that meets the floor, the first by name of two", {}, {}, "a-node"],
    ["more memory", { memory: "65 GB" }, {}, "big"],
    ["no ECC where none is asked for", { ecc: false }, {}, "no-ecc"],
    ["a clock for producers", { clock: 4 }, {}, "quick"],
    ["cores", { cores: 9 }, {}, "big"],
    ["a local disk", {}, { localDiskAtLeast: "1 TB" }, "stored"],
    ["bare metal on request", {}, { bareMetal: true }, "metal"],
    ["a named one", {}, { machine: "big" }, "big"],
    ["bare metal by its name", {}, { machine: "metal" }, "metal"],
    ["what the region sells", {}, { region: "there", localDiskAtLeast: "1 TB" }, "stored"],
  ];
  for (const [what, floor, wishes, name] of chosen)
    it(`takes ${what}`, () => expect(choose(floor, wishes)).to.equal(name));

  const problems: [string, Partial<Hardware>, MachineWishes, string][] = [
    [
      "a figure that nothing has",
      { memory: "256 GB" },
      {},
      "no Shop box has 256 GB memory: the nearest, big, has 128 GB",
    ],
    [
      "each figure that nothing has",
      { memory: "1 TB", clock: 5 },
      {},
      "no Shop box has 1 TB memory: the nearest, big, has 128 GB; no Shop box has 5 GHz on all cores: the nearest, quick, has 4.5 GHz",
    ],
    [
      "figures that nothing has together",
      { memory: "128 GB", clock: 4 },
      {},
      "no Shop box has 128 GB memory, ECC memory, 4 GHz on all cores at once: the nearest, big, has 3 GHz instead of 4 GHz on all cores",
    ],
    [
      "bare metal that is too small",
      { memory: "1 TB" },
      { bareMetal: true },
      "no Shop bare-metal box has 1 TB memory: the nearest, metal, has 512 GB",
    ],
    [
      "a region without such a machine",
      {},
      { region: "here", localDiskAtLeast: "1 TB" },
      "no Shop box in here has 1 TB local disk: the nearest, a-node, has none",
    ],
    [
      "a named one below the floor",
      {},
      { machine: "small" },
      "small has 32 GB where 64 GB memory is the floor (TrustEVM deployment plan, hardware requirements): the cheapest that meets it is a-node",
    ],
    [
      "a named one without ECC",
      {},
      { machine: "no-ecc" },
      "no-ecc has none (the shop is silent) where ECC memory is the floor (TrustEVM deployment plan, hardware requirements): the cheapest that meets it is a-node",
    ],
    [
      "a name that nobody knows",
      {},
      { machine: "smal" },
      'Shop has no box "smal" in the price list. Nearest: small, metal, stored',
    ],
    [
      "a virtual one as bare metal",
      {},
      { machine: "big", bareMetal: true },
      "big is not bare metal: name another box, or leave bareMetal out",
    ],
    [
      "bare metal against the wish",
      {},
      { machine: "metal", bareMetal: false },
      "metal is bare metal: name another box, or leave bareMetal out",
    ],
    [
      "a named one elsewhere",
      {},
      { machine: "stored", region: "here" },
      "Shop does not sell stored in here, only in there",
    ],
  ];
  for (const [what, floor, wishes, problem] of problems)
    it(`explains ${what}`, () => expect(choose(floor, wishes)).to.equal(problem));

  it("says where bare metal is not sold at all", () => {
    const virtual = catalogOf([machine("only", 1)]);
    expect(nameOf(chooseMachine(virtual, FULL_NODE, { bareMetal: true }))).to.equal(
      "no Shop box is bare metal: leave bareMetal out, or use another target",
    );
  });

  it("says where a region sells nothing", () => {
    const elsewhere = catalogOf([machine("only", 1, { regions: ["there"] })]);
    expect(nameOf(chooseMachine(elsewhere, FULL_NODE, { region: "here" }))).to.equal(
      "no Shop box is known in here: use another region",
    );
  });
});

import { expect } from "chai";
import { chooseMachine, type MachineWishes } from "../../../../components/core/hardware/choose-machine";
import { diskProblem } from "../../../../components/core/hardware/disk";
import { FULL_NODE, type Hardware } from "../../../../components/core/hardware/hardware";
import { CATALOG } from "../../../../components/targets/gcp/catalog";
import { itIsSound } from "../../core/hardware/catalog-suite";

const machine = (name: string) => {
  const found = CATALOG.machines.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe("the Google Cloud catalog", () => {
  itIsSound(CATALOG);

  const choices: [string, Partial<Hardware>, MachineWishes, string][] = [
    ["a full node of EOS", {}, {}, "c3d-highmem-8"],
    ["a full node of EOS where C3D is not sold", {}, { region: "asia-northeast1" }, "n2-highmem-8"],
    ["a full node of WAX", { memory: "128 GB" }, {}, "c3d-highmem-16"],
    ["a producer that wants 3.8 GHz", { clock: 3.8 }, {}, "c2-standard-16"],
    ["a node on its own SSD", {}, { localDiskAtLeast: "2 TB" }, "c3-standard-44-lssd"],
    ["a node on bare metal", {}, { bareMetal: true }, "c3-standard-192-metal"],
    ["a monitor", { memory: "4 GB", cores: 2, ecc: false }, {}, "n2-standard-2"],
  ];
  for (const [what, floor, wishes, name] of choices)
    it(`has ${name} for ${what}`, () =>
      expect(chooseMachine(CATALOG, { ...FULL_NODE, ...floor }, wishes)).to.have.nested.property(
        "machine.name",
        name,
      ));

  // USD an hour in us-central1 as listed for the whole machine, without its local SSD.
  const listed: [string, number][] = [
    ["c2-standard-16", 0.8352],
    ["n2-highmem-8", 0.52406],
    ["c3-highmem-4", 0.26462],
    ["c3-highmem-22", 1.45539],
    ["c3-highmem-176", 11.6431],
    ["c3-highmem-192-metal", 12.70157],
    ["c3-standard-192-metal", 9.67718],
    ["c3d-highmem-8", 0.48988],
    ["c3d-highmem-60", 3.6741],
    ["c3d-highmem-90", 5.51115],
  ];
  for (const [name, hourly] of listed)
    it(`comes from its rates to the listed price of ${name}`, () =>
      expect(machine(name).monthly).to.be.closeTo(hourly * 730, hourly * 0.1));

  it("adds local SSD by the piece", () => {
    expect(machine("c3d-highmem-8-lssd").monthly - machine("c3d-highmem-8").monthly).to.be.closeTo(30, 0.005);
    expect(machine("c3-standard-44-lssd").localDisk).to.equal("3000 GB");
  });

  it("knows which disks a machine takes", () => {
    expect(
      diskProblem(CATALOG, machine("n2-highmem-8"), { type: "hyperdisk-balanced", size: 2048 }),
    ).to.equal("hyperdisk-balanced does not attach to n2-highmem-8: use pd-balanced or pd-ssd");
    expect(diskProblem(CATALOG, machine("c3-highmem-192-metal"), { type: "pd-ssd", size: 2048 })).to.equal(
      "pd-ssd does not attach to c3-highmem-192-metal: use hyperdisk-balanced",
    );
    expect(diskProblem(CATALOG, machine("c3d-highmem-8"), { type: "pd-ssd", size: 2048 })).to.equal(
      undefined,
    );
  });
});

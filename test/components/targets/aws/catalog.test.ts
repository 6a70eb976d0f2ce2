import { expect } from "chai";
import { chooseMachine, type MachineWishes } from "../../../../components/core/hardware/choose-machine";
import { FULL_NODE, type Hardware } from "../../../../components/core/hardware/hardware";
import { CATALOG } from "../../../../components/targets/aws/catalog";
import { itIsSound } from "../../core/hardware/catalog-suite";

describe("the AWS catalog", () => {
  itIsSound(CATALOG);

  const choices: [string, Partial<Hardware>, MachineWishes, string][] = [
    ["a full node of EOS", {}, {}, "r6i.2xlarge"],
    ["a full node of WAX", { memory: "128 GB" }, {}, "r6i.4xlarge"],
    ["a producer that wants 4 GHz", { clock: 4 }, {}, "z1d.2xlarge"],
    ["a node on its own SSD", {}, { localDiskAtLeast: "2 TB" }, "i3en.2xlarge"],
    ["a node on bare metal", {}, { bareMetal: true }, "z1d.metal"],
    ["a monitor", { memory: "4 GB", cores: 2, ecc: false }, {}, "m7i.large"],
  ];
  for (const [what, floor, wishes, name] of choices)
    it(`has ${name} for ${what}`, () =>
      expect(chooseMachine(CATALOG, { ...FULL_NODE, ...floor }, wishes)).to.have.nested.property(
        "machine.name",
        name,
      ));

  const prices: [string, number, string | undefined][] = [
    ["r6i.2xlarge", 367.92, undefined],
    ["i4i.4xlarge", 1002.29, "3492 GB"],
    ["i3en.metal", 7919.04, "55879 GB"],
    ["z1d.metal", 3258.72, "1676 GB"],
  ];
  for (const [name, monthly, localDisk] of prices)
    it(`prices ${name} by the hour, its disk in powers of 1024`, () =>
      expect(CATALOG.machines.find((machine) => machine.name === name)).to.include({
        monthly,
        ...(localDisk ? { localDisk } : {}),
      }));

  it("names the regions that sell a machine when another one is asked", () => {
    expect(
      chooseMachine(CATALOG, FULL_NODE, { machine: "x2iezn.2xlarge", region: "eu-central-1" }),
    ).to.deep.equal({
      problem:
        "AWS does not sell x2iezn.2xlarge in eu-central-1, only in us-east-1, us-west-2, eu-west-1, ap-northeast-1",
    });
  });
});

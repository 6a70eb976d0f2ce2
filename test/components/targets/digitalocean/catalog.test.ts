import { expect } from "chai";
import { chooseMachine, type MachineWishes } from "../../../../components/core/hardware/choose-machine";
import { FULL_NODE, type Hardware } from "../../../../components/core/hardware/hardware";
import { CATALOG } from "../../../../components/targets/digitalocean/catalog";
import { itIsSound } from "../../core/hardware/catalog-suite";

const choose = (floor: Partial<Hardware>, wishes: MachineWishes) =>
  chooseMachine(CATALOG, { ...FULL_NODE, ...floor }, wishes);

describe("the DigitalOcean catalog", () => {
  itIsSound(CATALOG);

  const choices: [string, Partial<Hardware>, MachineWishes, string][] = [
    ["a full node of EOS", {}, {}, "m-8vcpu-64gb"],
    ["a full node of WAX", { memory: "128 GB" }, {}, "m-16vcpu-128gb"],
    ["a node on its own SSD", {}, { localDiskAtLeast: "2 TB" }, "m6-16vcpu-128gb"],
    ["a monitor", { memory: "4 GB", cores: 2, ecc: false }, {}, "g-2vcpu-8gb"],
  ];
  for (const [what, floor, wishes, name] of choices)
    it(`has ${name} for ${what}`, () =>
      expect(choose(floor, wishes)).to.have.nested.property("machine.name", name));

  const problems: [string, Partial<Hardware>, MachineWishes, string][] = [
    [
      "too much memory",
      { memory: "512 GB" },
      {},
      "no DigitalOcean droplet has 512 GB memory: the nearest, m-48vcpu-384gb-intel, has 384 GB",
    ],
    [
      "bare metal",
      {},
      { bareMetal: true },
      "no DigitalOcean droplet is bare metal: leave bareMetal out, or use another target",
    ],
    [
      "a misspelt droplet",
      {},
      { machine: "m-8vcpu-64g" },
      'DigitalOcean has no droplet "m-8vcpu-64g" in the price list. Nearest: m-8vcpu-64gb, m-8vcpu-64gb-intel, m-16vcpu-128gb',
    ],
  ];
  for (const [what, floor, wishes, problem] of problems)
    it(`explains ${what}`, () => expect(choose(floor, wishes)).to.deep.equal({ problem }));
});

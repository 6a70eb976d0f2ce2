import { expect } from "chai";
import { extraLine, hostCost, totalOf } from "../../../../components/core/hardware/cost";
import { type Disk, diskProblem } from "../../../../components/core/hardware/disk";
import { catalogOf, machine } from "./small-catalog";

const node = machine("node", 400, { localDisk: "1 TB" });
const shop = catalogOf([node]);

describe("what a host costs", () => {
  it("is its machine, each network disk with what it has beyond the included, and each extra", () => {
    const disks: Disk[] = [
      { type: "fast", size: 2048, iops: 6000, throughput: 250 },
      { type: "plain", size: 30 },
      { type: "local", size: 1000 },
    ];
    const lines = hostCost(shop, "here", { machine: node, disks, extras: ["publicIpv4"] });
    expect(lines).to.deep.equal([
      { what: "node", monthly: 400 },
      { what: "fast 2048 GB, 6000 IOPS, 250 MB/s", monthly: 183.84 },
      { what: "plain 30 GB", monthly: 3 },
      { what: "public IPv4 address", monthly: 3.65 },
    ]);
    expect(totalOf(lines)).to.equal(590.49);
  });

  it("costs more where the region does, but for what is priced alike everywhere", () => {
    const lines = hostCost(shop, "there", {
      machine: node,
      disks: [{ type: "plain", size: 100 }],
      extras: ["loadBalancer", "publicIpv4"],
    });
    expect(lines.map(({ monthly }) => monthly)).to.deep.equal([600, 15, 24.65, 3.65]);
  });

  it("prices an unknown region as the base region, and says so", () => {
    expect(hostCost(shop, "moon", { machine: node, disks: [] })).to.deep.equal([
      { what: "node (moon priced as here)", monthly: 400 },
    ]);
  });

  it("does not charge less for asking less than what is included", () => {
    const [, line] = hostCost(shop, "here", {
      machine: node,
      disks: [{ type: "fast", size: 100, iops: 10 }],
    });
    expect(line?.monthly).to.equal(8);
  });

  it("refuses what the price list lacks", () => {
    expect(() => extraLine(shop, "here", "nat")).to.throw(RangeError, "Shop's price list has no NAT gateway");
    expect(() => hostCost(shop, "here", { machine: node, disks: [{ type: "tape", size: 1 }] })).to.throw(
      RangeError,
      "Shop's price list has no disk type tape",
    );
  });
});

describe("a disk for a machine", () => {
  const picky = machine("picky", 1, { disks: ["plain"] });
  const cases: [string, Disk, string | undefined][] = [
    ["fits", { type: "fast", size: 2048, iops: 16_000, throughput: 1000 }, undefined],
    ["is the machine's own", { type: "local", size: 1024 }, undefined],
    [
      "is larger than the machine's own",
      { type: "local", size: 1025 },
      "node has 1 TB of local disk, not 1025 GB",
    ],
    ["is of no known type", { type: "tape", size: 10 }, "tape does not attach to node: use fast or plain"],
    ["is too small", { type: "fast", size: 3 }, "fast has from 4 GB to 16 TB, not 3 GB"],
    ["is too large", { type: "plain", size: 1025 }, "plain has from 10 GB to 1 TB, not 1025 GB"],
    [
      "wants too much",
      { type: "fast", size: 100, iops: 16_001 },
      "fast has at most 16000 operations a second, not 16001",
    ],
    [
      "cannot be tuned",
      { type: "plain", size: 100, throughput: 1 },
      "plain sells no MB a second apart: they follow from its size",
    ],
  ];
  for (const [what, disk, problem] of cases)
    it(`${what}`, () => expect(diskProblem(shop, node, disk)).to.equal(problem));

  it("does not attach everywhere", () => {
    expect(diskProblem(shop, picky, { type: "fast", size: 10 })).to.equal(
      "fast does not attach to picky: use plain",
    );
    expect(diskProblem(shop, picky, { type: "local", size: 10 })).to.equal(
      "picky has no disk of its own: use plain",
    );
  });
});

import type { Catalog, MachineType } from "../../core/hardware/machine";

const ECC = {
  has: true,
  source:
    "inferred, DigitalOcean publishes no statement: droplets of these plans run on Xeon Scalable and EPYC, whose boards take registered ECC memory only",
};

/** Assumed, as DigitalOcean publishes none: the all-core turbo of the slowest Xeon believed to be behind these plans. */
const CLOCK = 3.2;

/** vCPUs, GB of memory, GB of SSD, USD a month. */
type Row = readonly [cores: number, memory: number, ssd: number, monthly: number];

/** Plans by their prefix, without and with the ending for newer Intel machines. */
const PLANS: readonly { prefix: string; suffix?: string; sizes: readonly Row[] }[] = [
  {
    prefix: "g",
    sizes: [
      // The two smallest are for hosts without a node, like a monitor.
      [2, 8, 25, 63],
      [4, 16, 50, 126],
      [8, 32, 100, 252],
      [16, 64, 200, 504],
      [32, 128, 400, 1008],
      [40, 160, 500, 1260],
    ],
  },
  {
    prefix: "m",
    sizes: [
      [4, 32, 100, 168],
      [8, 64, 200, 336],
      [16, 128, 400, 672],
      [24, 192, 600, 1008],
      [32, 256, 800, 1344],
    ],
  },
  {
    prefix: "m",
    suffix: "-intel",
    sizes: [
      [4, 32, 100, 198],
      [8, 64, 200, 396],
      [16, 128, 400, 792],
      [24, 192, 600, 1188],
      [32, 256, 800, 1584],
      [48, 384, 1200, 2376],
    ],
  },
  {
    prefix: "m3",
    sizes: [
      [4, 32, 300, 208],
      [8, 64, 600, 416],
      [16, 128, 1200, 832],
      [24, 192, 1800, 1248],
      [32, 256, 2400, 1664],
    ],
  },
  {
    prefix: "m3",
    suffix: "-intel",
    sizes: [
      [4, 32, 300, 220],
      [8, 64, 600, 440],
      [16, 128, 1200, 880],
      [24, 192, 1800, 1320],
      [32, 256, 2400, 1760],
      [48, 384, 3600, 2640],
    ],
  },
  {
    prefix: "m6",
    sizes: [
      [4, 32, 600, 262],
      [8, 64, 1200, 524],
      [16, 128, 2400, 1048],
      [24, 192, 3600, 1572],
      [32, 256, 4800, 2096],
    ],
  },
  {
    prefix: "so",
    sizes: [
      [4, 32, 600, 262],
      [8, 64, 1200, 524],
      [16, 128, 2400, 1048],
      [24, 192, 3600, 1572],
      [32, 256, 4800, 2096],
    ],
  },
  {
    prefix: "so1_5",
    sizes: [
      [4, 32, 900, 326],
      [8, 64, 1800, 652],
      [16, 128, 3600, 1304],
      [24, 192, 5400, 1956],
      [32, 256, 7200, 2608],
    ],
  },
  {
    prefix: "so1_5",
    suffix: "-intel",
    sizes: [
      [4, 32, 900, 278],
      [8, 64, 1800, 556],
      [16, 128, 3600, 1112],
      [24, 192, 5400, 1668],
      [32, 256, 7200, 2224],
    ],
  },
];

const machines = PLANS.flatMap(({ prefix, suffix = "", sizes }) =>
  sizes.map(
    ([cores, memory, ssd, monthly]): MachineType => ({
      name: `${prefix}-${cores}vcpu-${memory}gb${suffix}`,
      cores,
      memory: `${memory} GB`,
      ecc: ECC,
      clock: CLOCK,
      localDisk: `${ssd} GB`,
      bareMetal: false,
      monthly,
    }),
  ),
);

/** Droplets with cores of their own. Shared ones are left out: their neighbours set the pace. */
export const CATALOG: Catalog = {
  provider: "DigitalOcean",
  noun: "droplet",
  prices: {
    date: "2025",
    source:
      "droplets: a listing of `doctl compute size list` in a public repository, of 2025 without a day; volumes and extras: public list prices, recorded without a page at hand",
    currency: "USD",
    baseRegion: "nyc3",
    // DigitalOcean prices every region alike.
    regionFactor: Object.fromEntries(
      "nyc1 nyc2 nyc3 sfo2 sfo3 tor1 atl1 ams3 fra1 lon1 sgp1 blr1 syd1"
        .split(" ")
        .map((region) => [region, 1]),
    ),
  },
  machines,
  disks: [{ name: "volume", minimum: "1 GB", maximum: "16 TB", usdPerGb: 0.1 }],
  extras: { publicIpv4: 0, loadBalancer: 12, dnsZone: 0 },
  notes: [
    `DigitalOcean publishes no clock for its droplets: ${CLOCK} GHz is assumed, measure a producer's host before it signs.`,
    "A droplet's SSD holds the system too, and goes with the droplet.",
    "Not every plan is sold in every region, and the list does not say where.",
  ],
};

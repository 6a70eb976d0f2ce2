import { bytesOf, type Size } from "../../core/config/units";
import type { DiskType } from "../../core/hardware/disk";
import type { Catalog, MachineType } from "../../core/hardware/machine";

const HOURS = 730;

const ECC = {
  has: true,
  source:
    'Amazon EC2 FAQs, "Does Amazon EC2 use ECC memory?": all the hardware underlying Amazon EC2 uses ECC memory',
};

const AMERICAS_EUROPE_TOKYO = [
  "us-east-1",
  "us-east-2",
  "us-west-2",
  "eu-central-1",
  "eu-west-1",
  "ap-northeast-1",
];

/** Size, vCPUs, GiB of memory, USD an hour in us-east-1, and for families with SSDs their sum in GB of 10^9 bytes. */
type Row = readonly [size: string, cores: number, memory: number, hourly: number, ssd?: number];

interface Family {
  name: string;
  /** SustainedClockSpeedInGhz, as DescribeInstanceTypes says it. */
  clock: number;
  /** Threads of each core. Default 2. */
  threads?: 1 | 2;
  regions?: readonly string[];
  sizes: readonly Row[];
}

const FAMILIES: readonly Family[] = [
  {
    name: "m7i",
    clock: 3.2,
    // For hosts without a node, like a monitor.
    sizes: [
      ["large", 2, 8, 0.1008],
      ["xlarge", 4, 16, 0.2016],
    ],
  },
  {
    name: "r6i",
    clock: 3.5,
    sizes: [
      ["xlarge", 4, 32, 0.252],
      ["2xlarge", 8, 64, 0.504],
      ["4xlarge", 16, 128, 1.008],
      ["8xlarge", 32, 256, 2.016],
      ["12xlarge", 48, 384, 3.024],
      ["16xlarge", 64, 512, 4.032],
      ["24xlarge", 96, 768, 6.048],
      ["32xlarge", 128, 1024, 8.064],
      ["metal", 128, 1024, 8.064],
    ],
  },
  {
    name: "r7i",
    clock: 3.2,
    sizes: [
      ["xlarge", 4, 32, 0.2646],
      ["2xlarge", 8, 64, 0.5292],
      ["4xlarge", 16, 128, 1.0584],
      ["8xlarge", 32, 256, 2.1168],
      ["12xlarge", 48, 384, 3.1752],
      ["16xlarge", 64, 512, 4.2336],
      ["24xlarge", 96, 768, 6.3504],
      ["48xlarge", 192, 1536, 12.7008],
      ["metal-24xl", 96, 768, 6.3504],
      ["metal-48xl", 192, 1536, 12.7008],
    ],
  },
  {
    name: "r7iz",
    clock: 3.9,
    regions: AMERICAS_EUROPE_TOKYO,
    sizes: [
      ["xlarge", 4, 32, 0.372],
      ["2xlarge", 8, 64, 0.744],
      ["4xlarge", 16, 128, 1.488],
      ["8xlarge", 32, 256, 2.976],
      ["12xlarge", 48, 384, 4.464],
      ["16xlarge", 64, 512, 5.952],
      ["32xlarge", 128, 1024, 11.904],
      ["metal-16xl", 64, 512, 5.952],
      ["metal-32xl", 128, 1024, 11.904],
    ],
  },
  {
    name: "r7a",
    clock: 3.7,
    threads: 1,
    regions: [...AMERICAS_EUROPE_TOKYO, "eu-north-1"],
    sizes: [
      ["xlarge", 4, 32, 0.3043],
      ["2xlarge", 8, 64, 0.6086],
      ["4xlarge", 16, 128, 1.2172],
      ["8xlarge", 32, 256, 2.4344],
      ["12xlarge", 48, 384, 3.6516],
      ["16xlarge", 64, 512, 4.8688],
      ["24xlarge", 96, 768, 7.3032],
      ["32xlarge", 128, 1024, 9.7376],
      ["48xlarge", 192, 1536, 14.6064],
      ["metal-48xl", 192, 1536, 14.6064],
    ],
  },
  {
    name: "i4i",
    clock: 3.5,
    sizes: [
      ["xlarge", 4, 32, 0.343, 937],
      ["2xlarge", 8, 64, 0.686, 1875],
      ["4xlarge", 16, 128, 1.373, 3750],
      ["8xlarge", 32, 256, 2.746, 7500],
      ["12xlarge", 48, 384, 4.118, 11250],
      ["16xlarge", 64, 512, 5.491, 15000],
      ["24xlarge", 96, 768, 8.2368, 22500],
      ["32xlarge", 128, 1024, 10.9824, 30000],
      ["metal", 128, 1024, 10.982, 30000],
    ],
  },
  {
    name: "i3en",
    clock: 3.1,
    sizes: [
      ["xlarge", 4, 32, 0.452, 2500],
      ["2xlarge", 8, 64, 0.904, 5000],
      ["3xlarge", 12, 96, 1.356, 7500],
      ["6xlarge", 24, 192, 2.712, 15000],
      ["12xlarge", 48, 384, 5.424, 30000],
      ["24xlarge", 96, 768, 10.848, 60000],
      ["metal", 96, 768, 10.848, 60000],
    ],
  },
  {
    name: "x2iezn",
    clock: 4.5,
    regions: ["us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1"],
    sizes: [
      ["2xlarge", 8, 256, 1.668],
      ["4xlarge", 16, 512, 3.336],
      ["6xlarge", 24, 768, 5.004],
      ["8xlarge", 32, 1024, 6.672],
      ["12xlarge", 48, 1536, 10.008],
      ["metal", 48, 1536, 10.008],
    ],
  },
  {
    name: "z1d",
    clock: 4,
    regions: [
      ...AMERICAS_EUROPE_TOKYO,
      "us-west-1",
      "eu-west-2",
      "ap-northeast-2",
      "ap-southeast-1",
      "ap-southeast-2",
      "ap-south-1",
    ],
    sizes: [
      ["xlarge", 4, 32, 0.372, 150],
      ["2xlarge", 8, 64, 0.744, 300],
      ["3xlarge", 12, 96, 1.116, 450],
      ["6xlarge", 24, 192, 2.232, 900],
      ["12xlarge", 48, 384, 4.464, 1800],
      ["metal", 48, 384, 4.464, 1800],
    ],
  },
];

/** Disks are sold in GB of 10^9 bytes, our sizes are powers of 1024: rounded down, so that a disk never falls short. */
const asSize = (gigabytes: number): Size => `${Math.floor((gigabytes * 1e9) / bytesOf("1 GB"))} GB`;

const machinesOf = ({ name, clock, threads = 2, regions, sizes }: Family): MachineType[] =>
  sizes.map(([size, cores, memory, hourly, ssd]) => ({
    name: `${name}.${size}`,
    cores,
    physical: cores / threads,
    memory: `${memory} GB`,
    ecc: ECC,
    clock,
    ...(ssd === undefined ? {} : { localDisk: asSize(ssd) }),
    ...(regions === undefined ? {} : { regions }),
    bareMetal: size.startsWith("metal"),
    monthly: Math.round(hourly * HOURS * 100) / 100,
  }));

// AWS has announced higher limits for gp3 since; these hold everywhere.
const DISKS: readonly DiskType[] = [
  {
    name: "gp3",
    minimum: "1 GB",
    maximum: "16 TB",
    usdPerGb: 0.08,
    iops: { included: 3000, maximum: 16_000, usd: 0.005 },
    throughput: { included: 125, maximum: 1000, usd: 0.04 },
  },
  {
    name: "io2",
    minimum: "4 GB",
    maximum: "64 TB",
    usdPerGb: 0.125,
    // Above 32,000 each one costs less: our sum errs high.
    iops: { included: 0, maximum: 64_000, usd: 0.065 },
  },
];

/** EC2 machines that suit the roles, on demand with Linux. */
export const CATALOG: Catalog = {
  provider: "AWS",
  noun: "instance type",
  prices: {
    date: "2025-03-02",
    source:
      "machines: AWS price list as gathered by Apache Libcloud 3.9.1 (data/pricing.json); disks and extras: public list prices, recorded without a page at hand",
    currency: "USD",
    baseRegion: "us-east-1",
    // What r6i costs there, in the same list.
    regionFactor: {
      "us-east-1": 1,
      "us-east-2": 1,
      "us-west-1": 1.111,
      "us-west-2": 1,
      "ca-central-1": 1.095,
      "eu-west-1": 1.119,
      "eu-west-2": 1.175,
      "eu-west-3": 1.175,
      "eu-central-1": 1.206,
      "eu-central-2": 1.327,
      "eu-north-1": 1.063,
      "eu-south-1": 1.175,
      "ap-northeast-1": 1.206,
      "ap-northeast-2": 1.206,
      "ap-southeast-1": 1.206,
      "ap-southeast-2": 1.198,
      "ap-south-1": 1.032,
      "sa-east-1": 1.595,
    },
  },
  machines: FAMILIES.flatMap(machinesOf),
  disks: DISKS,
  extras: { publicIpv4: 3.65, loadBalancer: 16.43, nat: 32.85, dnsZone: 0.5 },
  notes: [
    "Every price of a region is the base region's times that of r6i: other families differ by up to a tenth.",
    "Cores, clock and disks are DescribeInstanceTypes as packed in moto 5.2.5; so is where each family is sold.",
  ],
};

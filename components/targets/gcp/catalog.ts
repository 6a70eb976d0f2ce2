import type { DiskType } from "../../core/hardware/disk";
import type { Catalog, MachineType } from "../../core/hardware/machine";

const HOURS = 730;

const ECC = {
  has: true,
  source:
    "Google Cloud, Manage host errors (cloud.google.com/sap/docs/manage-host-errors): errors that built-in mechanisms such as ECC memory can correct are handled on the host",
};

/** A local SSD is sold in pieces of this size. USD a month for each GB. */
const LOCAL_SSD = { gigabytes: 375, usdPerGb: 0.08 };

const PERSISTENT = ["pd-balanced", "pd-ssd"];
const HYPERDISK = ["hyperdisk-balanced"];

/** Size, vCPUs, GB of memory, pieces of local SSD. */
type Row = readonly [size: string, cores: number, memory: number, ssds?: number];

interface Family {
  name: string;
  /** All-core turbo in GHz. */
  clock: number;
  /** USD an hour in us-central1 for one vCPU and for one GB of memory. */
  rate: { core: number; memory: number };
  disks: readonly string[];
  bareMetal?: boolean;
  regions?: readonly string[];
  sizes: readonly Row[];
}

const N2 = { clock: 3.4, rate: { core: 0.031611, memory: 0.004237 }, disks: PERSISTENT };
const C3 = { clock: 3, rate: { core: 0.03465, memory: 0.003938 } };
const C3D = {
  clock: 3.45,
  rate: { core: 0.0295625, memory: 0.003959 },
  disks: [...HYPERDISK, ...PERSISTENT],
};

const METAL_REGIONS = [
  "us-central1",
  "us-east1",
  "us-east4",
  "us-west1",
  "europe-west1",
  "europe-west4",
  "asia-southeast1",
];

const FAMILIES: readonly Family[] = [
  {
    ...N2,
    name: "n2-standard",
    // For hosts without a node, like a monitor.
    sizes: [
      ["2", 2, 8],
      ["4", 4, 16],
    ],
  },
  {
    ...N2,
    name: "n2-highmem",
    sizes: [
      ["4", 4, 32],
      ["8", 8, 64],
      ["16", 16, 128],
      ["32", 32, 256],
      ["48", 48, 384],
      ["64", 64, 512],
      ["80", 80, 640],
      ["96", 96, 768],
      ["128", 128, 864],
    ],
  },
  {
    name: "c2-standard",
    clock: 3.8,
    rate: { core: 0.033982, memory: 0.004555 },
    disks: PERSISTENT,
    sizes: [
      ["8", 8, 32],
      ["16", 16, 64],
      ["30", 30, 120],
      ["60", 60, 240],
    ],
  },
  {
    ...C3,
    name: "c3-highmem",
    disks: [...HYPERDISK, ...PERSISTENT],
    regions: [
      "us-central1",
      "us-east1",
      "us-east4",
      "us-west1",
      "us-west2",
      "us-west4",
      "europe-west1",
      "europe-west2",
      "europe-west3",
      "europe-west4",
      "asia-northeast1",
      "asia-south1",
      "asia-southeast1",
    ],
    sizes: [
      ["4", 4, 32],
      ["8", 8, 64],
      ["22", 22, 176],
      ["44", 44, 352],
      ["88", 88, 704],
      ["176", 176, 1408],
    ],
  },
  {
    ...C3,
    // Of C3, only the standard machines come with SSDs of their own.
    name: "c3-standard",
    disks: [...HYPERDISK, ...PERSISTENT],
    regions: [
      "us-central1",
      "us-east1",
      "us-east4",
      "us-west1",
      "us-west4",
      "southamerica-east1",
      "europe-west1",
      "europe-west3",
      "europe-west4",
      "asia-south1",
      "asia-southeast1",
      "australia-southeast1",
    ],
    sizes: [
      ["8-lssd", 8, 32, 2],
      ["22-lssd", 22, 88, 4],
      ["44-lssd", 44, 176, 8],
      ["88-lssd", 88, 352, 16],
      ["176-lssd", 176, 704, 32],
    ],
  },
  {
    ...C3,
    name: "c3-standard",
    disks: HYPERDISK,
    bareMetal: true,
    regions: METAL_REGIONS,
    sizes: [["192-metal", 192, 768]],
  },
  {
    ...C3,
    name: "c3-highmem",
    disks: HYPERDISK,
    bareMetal: true,
    regions: [...METAL_REGIONS, "europe-west3", "asia-east1"],
    sizes: [["192-metal", 192, 1536]],
  },
  {
    ...C3D,
    name: "c3d-highmem",
    regions: [
      "us-central1",
      "us-east1",
      "us-east4",
      "us-west1",
      "europe-west1",
      "europe-west2",
      "europe-west3",
      "europe-west4",
      "asia-east1",
      "asia-south1",
      "asia-southeast1",
    ],
    sizes: [
      ["8", 8, 64],
      ["16", 16, 128],
      ["30", 30, 240],
      ["60", 60, 480],
      ["90", 90, 720],
      ["180", 180, 1440],
      ["360", 360, 2880],
    ],
  },
  {
    ...C3D,
    name: "c3d-highmem",
    regions: ["us-central1", "us-east1", "asia-east1", "asia-southeast1"],
    sizes: [
      ["8-lssd", 8, 64, 1],
      ["16-lssd", 16, 128, 1],
      ["30-lssd", 30, 240, 2],
      ["60-lssd", 60, 480, 4],
      ["90-lssd", 90, 720, 8],
      ["180-lssd", 180, 1440, 16],
      ["360-lssd", 360, 2880, 32],
    ],
  },
];

const machinesOf = ({ name, clock, rate, disks, regions, bareMetal = false, sizes }: Family): MachineType[] =>
  sizes.map(([size, cores, memory, ssds = 0]) => {
    const local = ssds * LOCAL_SSD.gigabytes;
    const hourly = cores * rate.core + memory * rate.memory;
    return {
      name: `${name}-${size}`,
      cores,
      physical: cores / 2,
      memory: `${memory} GB`,
      ecc: ECC,
      clock,
      ...(local === 0 ? {} : { localDisk: `${local} GB` }),
      disks,
      ...(regions === undefined ? {} : { regions }),
      bareMetal,
      monthly: Math.round((hourly * HOURS + local * LOCAL_SSD.usdPerGb) * 100) / 100,
    };
  });

const DISKS: readonly DiskType[] = [
  { name: "pd-balanced", minimum: "10 GB", maximum: "64 TB", usdPerGb: 0.1 },
  { name: "pd-ssd", minimum: "10 GB", maximum: "64 TB", usdPerGb: 0.17 },
  {
    name: "hyperdisk-balanced",
    minimum: "4 GB",
    maximum: "64 TB",
    usdPerGb: 0.08,
    iops: { included: 3000, maximum: 160_000, usd: 0.005 },
    throughput: { included: 140, maximum: 2400, usd: 0.04 },
  },
];

/** Compute Engine machines that suit the roles, on demand. */
export const CATALOG: Catalog = {
  provider: "Google Cloud",
  noun: "machine type",
  prices: {
    date: "2025-03-02",
    source:
      "N2, C2, local and persistent SSD: Google's SKUs as gathered by Apache Libcloud 3.9.1 (data/pricing.json); C3 and C3D: rates per core and GB worked out from the SkyPilot catalog v8 at 006059e; other disks and extras: public list prices, recorded without a page at hand",
    currency: "USD",
    baseRegion: "us-central1",
    // What N2 costs there, in the same list; us-east1 and us-west1 as C3.
    regionFactor: {
      "us-central1": 1,
      "us-east1": 1,
      "us-east4": 1.126,
      "us-west1": 1,
      "us-west2": 1.201,
      "us-west4": 1.288,
      "northamerica-northeast1": 1.101,
      "southamerica-east1": 1.587,
      "europe-north1": 1.101,
      "europe-west1": 1.1,
      "europe-west2": 1.288,
      "europe-west3": 1.288,
      "europe-west4": 1.101,
      "asia-east1": 1.158,
      "asia-northeast1": 1.285,
      "asia-south1": 1.201,
      "asia-southeast1": 1.234,
      "australia-southeast1": 1.419,
    },
  },
  machines: FAMILIES.flatMap(machinesOf),
  disks: DISKS,
  extras: { publicIpv4: 3.65, loadBalancer: 18.25, nat: 32.12, dnsZone: 0.2 },
  notes: [
    "Every price of a region is the base region's times that of N2: C3 and C3D cost up to a tenth less outside us-central1.",
    "Google takes up to a fifth off N2 and C2 that run all month: not counted.",
    "Clocks are the all-core turbo that Google states by processor (cloud.google.com/compute/docs/cpu-platforms).",
  ],
};

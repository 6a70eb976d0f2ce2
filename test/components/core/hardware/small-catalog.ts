import type { Size } from "../../../../components/core/config/units";
import type { Catalog, MachineType } from "../../../../components/core/hardware/machine";

/** A machine of no cloud, for tests that state only what matters to them. */
export const machine = (name: string, monthly: number, over: Partial<MachineType> = {}): MachineType => ({
  name,
  cores: 8,
  memory: "64 GB" as Size,
  ecc: { has: true, source: "the shop says so" },
  clock: 3,
  bareMetal: false,
  monthly,
  ...over,
});

export const catalogOf = (machines: readonly MachineType[], over: Partial<Catalog> = {}): Catalog => ({
  provider: "Shop",
  noun: "box",
  prices: {
    date: "2026-01-01",
    source: "made up",
    currency: "USD",
    baseRegion: "here",
    regionFactor: { there: 1.5 },
  },
  machines,
  disks: [
    {
      name: "fast",
      minimum: "4 GB",
      maximum: "16 TB",
      usdPerGb: 0.08,
      iops: { included: 3000, maximum: 16_000, usd: 0.005 },
      throughput: { included: 125, maximum: 1000, usd: 0.04 },
    },
    { name: "plain", minimum: "10 GB", maximum: "1 TB", usdPerGb: 0.1 },
  ],
  extras: { publicIpv4: 3.65, loadBalancer: 16.43, dnsZone: 0.5 },
  notes: [],
  ...over,
});

import type { Size } from "../config/units";
import type { DiskType } from "./disk";

/** A machine as a cloud sells it. */
export interface MachineType {
  /** As the cloud's API calls it: `r6i.2xlarge`. */
  name: string;
  /** Virtual CPUs as sold: threads on most machines, whole cores on some. */
  cores: number;
  /** Physical cores behind them, where the cloud says so. */
  physical?: number;
  memory: Size;
  /** Whether memory corrects its errors, and who says so. */
  ecc: { has: boolean; source: string };
  /** GHz that every core sustains while all of them work. Never the higher peak of one core alone. */
  clock: number;
  /** The machine's own SSDs, all together. They are lost with the machine. Absent where disks come over the network only. */
  localDisk?: Size;
  /** Names of the disk types that attach to it. Default: every one of the catalog. */
  disks?: readonly string[];
  /** Regions that sell it, of those that the catalog knows. Default: all of them. */
  regions?: readonly string[];
  /** Whether the hardware is the buyer's alone, with no hypervisor. */
  bareMetal: boolean;
  /** USD for 730 hours on demand in the catalog's base region. */
  monthly: number;
}

/** What a target bills beside machines and disks. */
export type Extra = "publicIpv4" | "loadBalancer" | "nat" | "dnsZone";

/** What one cloud sells that suits these hosts, and for how much. */
export interface Catalog {
  /** For a person: `DigitalOcean`. */
  provider: string;
  /** What the cloud calls a machine: `droplet`. */
  noun: string;
  prices: {
    /** When they were valid: `2025-03-02`, or less exactly where no day is known. */
    date: string;
    source: string;
    currency: "USD";
    baseRegion: string;
    /** What a region costs against the base region. A region that is missing counts as 1. */
    regionFactor: Readonly<Record<string, number>>;
  };
  machines: readonly MachineType[];
  disks: readonly DiskType[];
  /** USD a month each, for the smallest unit and without traffic. Absent where the cloud does not sell it. */
  extras: Readonly<Partial<Record<Extra, number>>>;
  /** What an operator should know of these figures: where they are approximate or assumed. */
  notes: readonly string[];
}

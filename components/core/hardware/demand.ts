import { bytesOf, type Size } from "../config/units";
import type { Hardware } from "./hardware";
import type { MachineType } from "./machine";

/** One figure of a floor. */
export interface Demand {
  /** `64 GB memory`. */
  what: string;
  least: number;
  of(machine: MachineType): number;
  /** What a machine has of it: `32 GB`. */
  has(machine: MachineType): string;
}

/** What a machine is held against. The floor's disk is not among it: network disks are bought apart. */
export const demandsOf = (floor: Hardware, localDiskAtLeast?: Size): Demand[] => [
  ...(floor.cores === undefined ? [] : [cores(floor.cores)]),
  memory(floor.memory),
  ...(floor.ecc ? [ECC] : []),
  ...(floor.clock === undefined ? [] : [clock(floor.clock)]),
  ...(localDiskAtLeast === undefined ? [] : [localDisk(localDiskAtLeast)]),
];

const cores = (least: number): Demand => ({
  what: `${least} cores`,
  least,
  of: (machine) => machine.cores,
  has: (machine) => `${machine.cores}`,
});

const memory = (size: Size): Demand => ({
  what: `${size} memory`,
  least: bytesOf(size),
  of: (machine) => bytesOf(machine.memory),
  has: (machine) => machine.memory,
});

const ECC: Demand = {
  what: "ECC memory",
  least: 1,
  of: ({ ecc }) => (ecc.has ? 1 : 0),
  has: ({ ecc }) => (ecc.has ? "it" : `none (${ecc.source})`),
};

const clock = (least: number): Demand => ({
  what: `${least} GHz on all cores`,
  least,
  of: (machine) => machine.clock,
  has: (machine) => `${machine.clock} GHz`,
});

const localDisk = (size: Size): Demand => ({
  what: `${size} local disk`,
  least: bytesOf(size),
  of: (machine) => (machine.localDisk === undefined ? 0 : bytesOf(machine.localDisk)),
  has: (machine) => machine.localDisk ?? "none",
});

/** The demands that a machine does not meet. */
export const unmet = (demands: readonly Demand[], machine: MachineType): Demand[] =>
  demands.filter(({ of, least }) => of(machine) < least);

import { bytesOf, type Size } from "../config/units";
import type { Catalog, MachineType } from "./machine";

const GB = bytesOf("1 GB");

/** A disk to buy. */
export interface Disk {
  /** Name of a disk type; `local` for the machine's own, which costs nothing by itself. */
  type: string;
  /** Powers of 1024, in GB. */
  size: number;
  /** Operations a second. Default: what the price includes. */
  iops?: number;
  /** MB a second. Default: what the price includes. */
  throughput?: number;
}

/** A figure of a disk that can be bought apart from its size. */
export interface Provisioned {
  /** What comes with every disk. */
  included: number;
  maximum: number;
  /** USD a month for each one beyond those included. */
  usd: number;
}

/** A kind of network disk, with its price in the catalog's base region. */
export interface DiskType {
  name: string;
  minimum: Size;
  maximum: Size;
  usdPerGb: number;
  /** Absent where operations follow from the size alone. */
  iops?: Provisioned;
  /** Absent where throughput follows from the size alone. */
  throughput?: Provisioned;
}

/** USD a month in the base region, not rounded. */
export const diskPrice = (type: DiskType, disk: Disk): number =>
  disk.size * type.usdPerGb + beyond(type.iops, disk.iops) + beyond(type.throughput, disk.throughput);

const beyond = (offer: Provisioned | undefined, asked: number | undefined): number =>
  offer === undefined || asked === undefined ? 0 : Math.max(0, asked - offer.included) * offer.usd;

/** Why a machine cannot have a disk, and what would do. Undefined if it can. */
export function diskProblem(catalog: Catalog, machine: MachineType, disk: Disk): string | undefined {
  const { name, localDisk } = machine;
  if (disk.type === "local") {
    if (localDisk === undefined) return `${name} has no disk of its own: use ${attachable(catalog, machine)}`;
    return disk.size * GB > bytesOf(localDisk)
      ? `${name} has ${localDisk} of local disk, not ${disk.size} GB`
      : undefined;
  }
  const type = catalog.disks.find((each) => each.name === disk.type);
  if (!type || !(machine.disks?.includes(disk.type) ?? true))
    return `${disk.type} does not attach to ${name}: use ${attachable(catalog, machine)}`;
  if (disk.size * GB < bytesOf(type.minimum) || disk.size * GB > bytesOf(type.maximum))
    return `${type.name} has from ${type.minimum} to ${type.maximum}, not ${disk.size} GB`;
  return (
    performanceProblem(type, "operations a second", type.iops, disk.iops) ??
    performanceProblem(type, "MB a second", type.throughput, disk.throughput)
  );
}

const attachable = (catalog: Catalog, machine: MachineType): string =>
  (machine.disks ?? catalog.disks.map(({ name }) => name)).join(" or ");

function performanceProblem(
  type: DiskType,
  unit: string,
  offer: Provisioned | undefined,
  asked: number | undefined,
): string | undefined {
  if (asked === undefined) return undefined;
  if (!offer) return `${type.name} sells no ${unit} apart: they follow from its size`;
  return asked > offer.maximum
    ? `${type.name} has at most ${offer.maximum} ${unit}, not ${asked}`
    : undefined;
}

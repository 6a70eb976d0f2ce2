import { type Disk, diskPrice } from "./disk";
import type { Catalog, Extra, MachineType } from "./machine";

/** One line of a bill. */
export interface CostLine {
  what: string;
  /** USD, rounded to cents. */
  monthly: number;
}

/** What a host is made of, for its bill. */
export interface HostParts {
  machine: MachineType;
  disks: readonly Disk[];
  extras?: readonly Extra[];
}

/** Priced alike in every region. */
const SAME_EVERYWHERE: readonly Extra[] = ["publicIpv4", "dnsZone"];
const NAMES: Record<Extra, string> = {
  publicIpv4: "public IPv4 address",
  loadBalancer: "load balancer",
  nat: "NAT gateway",
  dnsZone: "DNS zone",
};

/**
 * What a host costs a month in a region at list prices, without traffic: its machine, each network disk, each extra.
 * A region that the catalog does not know is priced as its base region, and the machine's line says so. Throws a
 * `RangeError` for a disk type or an extra that the catalog lacks.
 */
export function hostCost(
  catalog: Catalog,
  region: string,
  { machine, disks, extras = [] }: HostParts,
): CostLine[] {
  const { baseRegion, regionFactor } = catalog.prices;
  const factor = regionFactor[region] ?? 1;
  const known = region === baseRegion || region in regionFactor;
  return [
    {
      what: known ? machine.name : `${machine.name} (${region} priced as ${baseRegion})`,
      monthly: cents(machine.monthly * factor),
    },
    ...disks.filter(({ type }) => type !== "local").map((disk) => diskLine(catalog, disk, factor)),
    ...extras.map((extra) => extraLine(catalog, region, extra)),
  ];
}

function diskLine(catalog: Catalog, disk: Disk, factor: number): CostLine {
  const type = catalog.disks.find(({ name }) => name === disk.type);
  if (!type) throw new RangeError(`${catalog.provider}'s price list has no disk type ${disk.type}`);
  return { what: describe(disk), monthly: cents(diskPrice(type, disk) * factor) };
}

const describe = ({ type, size, iops, throughput }: Disk): string =>
  [
    `${type} ${size} GB`,
    ...(iops === undefined ? [] : [`${iops} IOPS`]),
    ...(throughput === undefined ? [] : [`${throughput} MB/s`]),
  ].join(", ");

/** What one extra costs a month in a region. Throws a `RangeError` if the cloud does not sell it. */
export function extraLine({ provider, prices, extras }: Catalog, region: string, extra: Extra): CostLine {
  const price = extras[extra];
  if (price === undefined) throw new RangeError(`${provider}'s price list has no ${NAMES[extra]}`);
  const factor = SAME_EVERYWHERE.includes(extra) ? 1 : (prices.regionFactor[region] ?? 1);
  return { what: NAMES[extra], monthly: cents(price * factor) };
}

/** USD a month of all lines together. */
export const totalOf = (lines: readonly CostLine[]): number =>
  cents(lines.reduce((total, { monthly }) => total + monthly, 0));

const cents = (amount: number): number => Math.round(amount * 100) / 100;

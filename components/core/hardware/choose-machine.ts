import type { Size } from "../config/units";
import { type Demand, demandsOf, unmet } from "./demand";
import type { Hardware } from "./hardware";
import type { Catalog, MachineType } from "./machine";

export interface MachineWishes {
  /** A machine type by its name, to be checked against the floor. Default: the cheapest that meets it. */
  machine?: string | undefined;
  /** Whether the hardware shall be ours alone. Default: virtual machines, unless one is named. */
  bareMetal?: boolean | undefined;
  /** Asks for the machine's own SSDs, at least so large. Default: none needed. */
  localDiskAtLeast?: Size | undefined;
  /** Only machines that this region sells. Default: any. */
  region?: string | undefined;
}

/** A machine, or why there is none and what comes nearest. */
export type ChosenMachine = { machine: MachineType } | { problem: string };

/**
 * The cheapest machine that meets a floor, the first by name if two cost the same. The floor's disk is not looked at:
 * network disks are bought apart, and `localDiskAtLeast` asks for the machine's own.
 */
export function chooseMachine(catalog: Catalog, floor: Hardware, wishes: MachineWishes = {}): ChosenMachine {
  const demands = demandsOf(floor, wishes.localDiskAtLeast);
  if (wishes.machine !== undefined) return namedMachine(catalog, floor, demands, wishes);
  const offered = offeredMachines(catalog, wishes);
  if (offered.length === 0) return { problem: nothingOffered(catalog, wishes) };
  const machine = offered.find((each) => unmet(demands, each).length === 0);
  return machine ? { machine } : { problem: nothingMeets(catalog, offered, demands, wishes.region) };
}

const sells = ({ regions }: MachineType, region: string | undefined): boolean =>
  region === undefined || regions === undefined || regions.includes(region);

/** What may be chosen without a name, the cheapest first. */
const offeredMachines = (catalog: Catalog, { bareMetal = false, region }: MachineWishes): MachineType[] =>
  catalog.machines
    .filter((machine) => machine.bareMetal === bareMetal && sells(machine, region))
    .sort((left, right) => left.monthly - right.monthly || (left.name < right.name ? -1 : 1));

function nothingOffered({ provider, noun, machines }: Catalog, { bareMetal, region }: MachineWishes): string {
  if (bareMetal && !machines.some((machine) => machine.bareMetal))
    return `no ${provider} ${noun} is bare metal: leave bareMetal out, or use another target`;
  return `no ${provider} ${noun} ${bareMetal ? "of bare metal " : ""}is known in ${region}: use another region`;
}

function namedMachine(
  catalog: Catalog,
  floor: Hardware,
  demands: Demand[],
  wishes: MachineWishes,
): ChosenMachine {
  const { provider, noun, machines } = catalog;
  const machine = machines.find(({ name }) => name === wishes.machine);
  if (!machine) return { problem: unknownMachine(catalog, wishes.machine ?? "") };
  const { name } = machine;
  if (wishes.bareMetal !== undefined && wishes.bareMetal !== machine.bareMetal)
    return {
      problem: `${name} is ${machine.bareMetal ? "" : "not "}bare metal: name another ${noun}, or leave bareMetal out`,
    };
  if (!sells(machine, wishes.region))
    return {
      problem: `${provider} does not sell ${name} in ${wishes.region}, only in ${machine.regions?.join(", ")}`,
    };
  const failed = unmet(demands, machine);
  if (failed.length === 0) return { machine };
  const other = chooseMachine(catalog, floor, {
    ...wishes,
    machine: undefined,
    bareMetal: machine.bareMetal,
  });
  const remedy = "machine" in other ? `the cheapest that meets it is ${other.machine.name}` : other.problem;
  const short = failed
    .map((demand) => `${demand.has(machine)} where ${demand.what} is the floor`)
    .join(" and ");
  return { problem: `${name} has ${short} (${floor.source}): ${remedy}` };
}

function unknownMachine({ provider, noun, machines }: Catalog, name: string): string {
  const near = machines
    .map((machine) => ({ name: machine.name, alike: alike(name, machine.name) }))
    .sort((left, right) => right.alike - left.alike || (left.name < right.name ? -1 : 1))
    .slice(0, 3);
  return `${provider} has no ${noun} "${name}" in the price list. Nearest: ${near.map((each) => each.name).join(", ")}`;
}

/** Letters that two names share at their start and at their end: the names are built of a family and a size. */
function alike(left: string, right: string): number {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left[start] === right[start]) start++;
  let end = 0;
  while (end < most - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  return start + end;
}

/** For a floor that nothing meets: the figures that no machine has, or else the machine that lacks the least. */
function nothingMeets(
  { provider, noun }: Catalog,
  offered: readonly MachineType[],
  demands: readonly Demand[],
  region: string | undefined,
): string {
  const kind = `no ${provider} ${offered[0]?.bareMetal ? "bare-metal " : ""}${noun}${region ? ` in ${region}` : ""}`;
  const impossible = demands.filter((demand) =>
    offered.every((machine) => demand.of(machine) < demand.least),
  );
  if (impossible.length > 0)
    return impossible
      .map((demand) => `${kind} has ${demand.what}: ${nearestOf(offered, [demand], demands)}`)
      .join("; ");
  return `${kind} has ${demands.map(({ what }) => what).join(", ")} at once: ${nearestOf(offered, demands, demands)}`;
}

/** The machine that lacks the least of `wanted`, then of all demands, then the cheapest; and what it has. */
function nearestOf(
  offered: readonly MachineType[],
  wanted: readonly Demand[],
  demands: readonly Demand[],
): string {
  const farther = (left: MachineType, right: MachineType) =>
    lack(wanted, left) - lack(wanted, right) || lack(demands, left) - lack(demands, right);
  const nearest = offered.reduce((best, machine) => (farther(machine, best) < 0 ? machine : best));
  const alone = wanted.length === 1;
  const has = unmet(wanted, nearest).map(
    ({ has, what }) => `${has(nearest)}${alone ? "" : ` instead of ${what}`}`,
  );
  return `the nearest, ${nearest.name}, has ${has.join(" and ")}`;
}

const lack = (demands: readonly Demand[], machine: MachineType): number =>
  unmet(demands, machine).reduce((sum, { of, least }) => sum + (least - of(machine)) / least, 0);

import { bytesOf, megabytesOf, type Size } from "../config/units";

/**
 * How nodeos holds its state: pages of a file; a copy in memory that is written back at each stop; or pages of a file that lies
 * in memory itself, outlives nodeos, and ends with its host.
 */
export const STATE_MODES = ["mapped", "heap", "tmpfs"] as const;
export type StateMode = (typeof STATE_MODES)[number];

/** Part of the memory that a state in it may take: nodeos' rest, the EVM node and the page cache need the others. */
const HEAP_SHARE = 0.75;
/** nodeos' own default of eos-vm-oc-cache-size-mb: compiled contracts lie beside the state. */
export const CODE_CACHE_MB = 1024;

export interface StateChoice {
  mode: StateMode;
  size: Size;
  /** Why, for the plan: `memory 128 GB is less than the state may grow to`. */
  reason: string;
}

interface Host {
  /** Ceiling of the state. */
  size: Size;
  /** What its machine has. Absent where nobody says. */
  memory?: Size;
  /** As the stack file wants it. */
  mode?: StateMode;
}

export const fitsHeap = (size: Size, memory: Size): boolean => bytesOf(size) <= bytesOf(memory) * HEAP_SHARE;

/**
 * On the heap no disk is in a block's way, but all that the state may grow to must fit beside the rest, or the kernel kills
 * nodeos. Mapped works with any memory: what does not fit is read from the disk.
 */
export function chooseState({ size, memory, mode }: Host): StateChoice {
  if (mode !== undefined) return { mode, size, reason: "as the stack file wants it" };
  if (memory === undefined)
    return { mode: "mapped", size, reason: "nobody says how much memory the machine has" };
  if (fitsHeap(size, memory))
    return {
      mode: "heap",
      size,
      reason: `memory ${memory} holds all that the state may grow to, with a quarter left`,
    };
  const isLess = bytesOf(memory) < bytesOf(size);
  return {
    mode: "mapped",
    size,
    reason: isLess
      ? `memory ${memory} is less than the state may grow to`
      : `memory ${memory} would keep less than a quarter for the rest of the host`,
  };
}

/**
 * The file system that a state of that ceiling needs: with the code cache beside it, both full, and still below the percentage
 * of it at which nodeos stops by itself.
 */
export const tmpfsSize = (
  ceiling: Size,
  { threshold, codeCacheMb }: { threshold: number; codeCacheMb: number },
): Size => `${Math.ceil(((megabytesOf(ceiling) + codeCacheMb) * 100) / threshold)} MB`;

/** What the mode costs, where that is not plain. */
const COST: Readonly<Partial<Record<StateMode, string>>> = {
  tmpfs: "; in memory alone: each restart of the host is a recovery from its newest snapshot",
};

export const stateText = ({ mode, size, reason }: StateChoice): string =>
  `nodeos state ${size} ${mode}: ${reason}${COST[mode] ?? ""}`;

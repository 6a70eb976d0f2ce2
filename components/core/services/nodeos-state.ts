import { bytesOf, type Size } from "../config/units";

/** How nodeos holds its state: pages of a file, or a copy in memory that is written back at each stop. */
export type StateMode = "mapped" | "heap";

/** Part of the memory that a state on the heap may take: nodeos' rest, the EVM node and the page cache need the others. */
const HEAP_SHARE = 0.75;

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

export const stateText = ({ mode, size, reason }: StateChoice): string =>
  `nodeos state ${size} ${mode}: ${reason}`;

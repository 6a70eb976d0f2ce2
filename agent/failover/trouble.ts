import type { FailoverSettings } from "../../components/core/failover/settings";
import type { Memory, Seen } from "./seen";

const SLOT_SECONDS = 0.5;
/** Blocks that a producer makes in a row (nodeos' config::producer_repetitions). */
const TURN_SLOTS = 12;
const DEAD_MS = 1_000;
/** Blocks behind its peers. */
const FAR_BEHIND = 60;

export interface Trouble {
  reason: string;
  /** Whether the holder lets go even where nobody is ready to take over. */
  alone?: true;
}

/** Why the holder had better let go, the worst reason first. Undefined while all is well. */
export function troubleOf(settings: FailoverSettings, memory: Memory, seen: Seen): Trouble | undefined {
  const { timing, diskFloorPercent } = settings;
  const { chain, silence, now, diskFreePercent } = seen;
  if (silence?.kind === "dead" && now - silence.since >= DEAD_MS) return { reason: "nodeos is not running" };
  if (diskFreePercent < diskFloorPercent)
    return { reason: `the disk is nearly full: ${diskFreePercent.toFixed(1)} % free` };
  const lonelyMs = now - (memory.lonelySince ?? now);
  if (lonelyMs >= timing.noPeersSeconds * 1000)
    return { reason: `no peer for ${timing.noPeersSeconds} s`, alone: true };
  // What is no more than slow is not a reason so soon after a move.
  if (!chain || now - (memory.term?.at ?? now) < timing.holdDownSeconds * 1000) return undefined;
  if (seen.hasWatermark === false) return { reason: "its chain lacks the last block that was made" };
  if (chain.peersHead - chain.head.number > FAR_BEHIND)
    return { reason: `${chain.peersHead - chain.head.number} blocks behind its peers` };
  return missedSlots(settings, memory, seen);
}

/** How many of its own slots in a row went by without a block; others of the schedule have theirs in between. */
export function slotsMissed(producer: string, memory: Memory, { chain, now }: Seen): number {
  if (!chain || chain.paused || !memory.made || !chain.schedule.includes(producer)) return 0;
  const others = (chain.schedule.length - 1) * TURN_SLOTS * SLOT_SECONDS;
  return Math.max(0, Math.floor(((now - memory.made.at) / 1000 - others) / SLOT_SECONDS));
}

function missedSlots(
  { timing, producer }: FailoverSettings,
  memory: Memory,
  seen: Seen,
): Trouble | undefined {
  const missed = slotsMissed(producer, memory, seen);
  return missed > timing.missedSlots ? { reason: `${missed} of its own slots without a block` } : undefined;
}

import type { System } from "../system";
import { BLOCK_LOG, SHIP_LOG } from "./layout";
import { blockLog, isUnbroken, type LogRange, shipLog } from "./logs";

/** What nodeos has kept, by the files themselves: how an archive proves that it has everything. */
export interface History {
  /** When it was looked. */
  looked: string;
  blocks?: Held;
  /** State history: what the EVM node reads. */
  ship?: Held;
}

export interface Held {
  first: number;
  last: number;
  /** Whether there is an entry for every block between; undefined where the log has no index. */
  unbroken?: boolean;
  /** Of the first block, UTC. */
  since?: string;
}

/** Looks at the logs. Needs the right to read them, which nodeos and root have. */
export async function historyOf(system: System): Promise<History> {
  const blocks = await settled(system, () => blockLog(system, BLOCK_LOG));
  // After the blocks: nodeos writes a block's history first, so what is seen later reaches as far.
  const ship = await settled(system, () => shipLog(system, SHIP_LOG));
  return {
    looked: system.now().toISOString(),
    ...(blocks ? { blocks: { ...held(blocks), ...(blocks.since ? { since: blocks.since } : {}) } } : {}),
    ...(ship ? { ship: held(ship) } : {}),
  };
}

const LOOKS = 5;
const PAUSE_MS = 300;

/** A running nodeos may write a block between the looks at a log's end and at its index: that is no gap, and gone a moment later. */
async function settled<Log extends LogRange>(
  system: System,
  look: () => Promise<Log | undefined>,
): Promise<Log | undefined> {
  for (let left = LOOKS; ; left -= 1) {
    const log = await look().catch(() => "torn" as const);
    const isWhole = log !== "torn" && (log === undefined || isUnbroken(log) !== false);
    if (isWhole || left === 1) return log === "torn" ? undefined : log;
    await system.sleep(PAUSE_MS);
  }
}

function held(log: LogRange): Held {
  const unbroken = isUnbroken(log);
  return { first: log.first, last: log.last, ...(unbroken === undefined ? {} : { unbroken }) };
}

/** What an archive lacks, each with the way out; empty if it has all. `before`: the time of the EVM genesis. Pure. */
export function lacks({ blocks, ship }: History, before: string | undefined): string[] {
  const remedy = "begin anew from an older snapshot (docs/snapshots.md)";
  const faults: [boolean, string][] = [
    [!blocks, "it has no block log"],
    [!ship, "it has no state history"],
    ...[
      { what: "block log", log: blocks },
      { what: "state history", log: ship },
    ].map(({ what, log }): [boolean, string] => [
      log !== undefined && log.unbroken !== true,
      `its ${what} ${log?.unbroken === false ? "has a gap" : "has no index to tell gaps by"}: restore a backup, or replay (docs/backups.md)`,
    ]),
    [
      blocks !== undefined && ship !== undefined && ship.last < blocks.last,
      `its state history ends with ${ship?.last}, its blocks with ${blocks?.last}: start nodeos anew, which mends that (docs/recovery.md)`,
    ],
    [
      blocks !== undefined && ship !== undefined && ship.first > blocks.first + 1,
      `its state history begins with ${ship?.first}, its blocks with ${blocks?.first}: ${remedy}`,
    ],
    [
      before !== undefined && blocks?.since !== undefined && blocks.since >= before,
      `its first block is of ${blocks?.since}, and the EVM chain began at ${before}: ${remedy}`,
    ],
  ];
  return faults.flatMap(([isFault, words]) => (isFault ? [words] : []));
}

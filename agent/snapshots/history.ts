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
  const [blocks, ship] = await Promise.all([
    blockLog(system, BLOCK_LOG).catch(() => undefined),
    shipLog(system, SHIP_LOG).catch(() => undefined),
  ]);
  return {
    looked: system.now().toISOString(),
    ...(blocks ? { blocks: { ...held(blocks), ...(blocks.since ? { since: blocks.since } : {}) } } : {}),
    ...(ship ? { ship: held(ship) } : {}),
  };
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
    [blocks?.unbroken === false, "its block log has a gap: restore a backup, or replay (docs/backups.md)"],
    [ship?.unbroken === false, "its state history has a gap: restore a backup, or replay (docs/backups.md)"],
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

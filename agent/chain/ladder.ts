import type { BlockLog, LogRange } from "../snapshots/logs";
import type { RecoveryRecord, Rung, Try } from "./record";
import type { ChainSettings } from "./settings";
import type { StateVerdict } from "./state";

/** What is on the disk, after the logs were mended. */
export interface ChainFacts {
  state: StateVerdict;
  /** Whether the state ends with the host, or was of that kind before the last change of the plan. */
  inMemory: boolean;
  log?: BlockLog | undefined;
  ship?: LogRange | undefined;
  /** Why nodeos could not go on with a state that itself looks clean. */
  doubts: string[];
  freeBytes: number;
}

/** A snapshot that nothing speaks against, and whether the state history that is there reaches it. */
export interface Candidate {
  path: string;
  block: number;
  dropsHistory: boolean;
}

/** What each rung has to work with, and why it has not more. */
export interface Means {
  snapshot?: Candidate;
  skipped: string[];
  /** Whether the host knows a mirror with snapshots. */
  mayFetch: boolean;
}

export type Step =
  | { does: "start"; fromGenesis: boolean }
  | { does: "try"; rung: Rung; cause: string; snapshot?: Candidate }
  | { does: "stop"; reason: string; remedy: string };

/** Killed that often on the same rung it is the rung's own fault. */
const MOST_INTERRUPTIONS = 5;
/** Recoveries in a row after which the chain did not go on. */
const MOST_WITHOUT_PROGRESS = 5;

/** Whether a try may be made again: not after a failure, nor after being killed again and again. */
export function isSpent(tries: readonly Try[], rung: Rung, snapshot?: string): boolean {
  const same = tries.filter((each) => each.rung === rung && each.snapshot === snapshot);
  return (
    same.some(({ result }) => result === "failed") ||
    same.filter(({ result }) => result === "interrupted").length >= MOST_INTERRUPTIONS
  );
}

/** Why nodeos cannot simply be started; undefined if it can. */
export function causeOf(
  { state, inMemory, doubts, log }: ChainFacts,
  record: RecoveryRecord,
): string | undefined {
  if (record.tries.some(({ result }) => result !== "ok") && record.tries.at(-1)?.result !== "ok")
    return record.cause ?? "a recovery was not finished";
  if (state.is === "dirty" || state.is === "broken") return state.why;
  if (doubts.length > 0) return doubts.join("; ");
  if (state.is !== "none" || !log) return undefined;
  return inMemory
    ? "the state lay in memory, which a restart of the host or another plan has taken"
    : "there is a block log and no state";
}

/** Whether that is no fault: a state in memory is gone with each restart of its host, and with a plan that puts it elsewhere. */
export const isByPlan = ({ state, inMemory, log, doubts }: ChainFacts): boolean =>
  inMemory && state.is === "none" && log !== undefined && doubts.length === 0;

/** Whether a recovery begins: none is under way, and the chain may not have gone on since the last. */
export const isNew = ({ tries }: RecoveryRecord): boolean =>
  tries.length === 0 || tries.at(-1)?.result === "ok";

/** The next thing to do, from what is there and what was tried. Pure. */
export function nextStep(
  facts: ChainFacts,
  record: RecoveryRecord,
  means: Means,
  settings: Pick<ChainSettings, "genesis" | "keepsHistory">,
): Step {
  const cause = causeOf(facts, record);
  const isFirst = cause === undefined && facts.state.is === "none";
  if (cause === undefined && !isFirst) return { does: "start", fromGenesis: false };
  // A snapshot that the plan or a restore has brought goes before the birth of the chain.
  if (isFirst && settings.genesis !== undefined && !means.snapshot)
    return { does: "start", fromGenesis: true };
  if (record.withoutProgress > MOST_WITHOUT_PROGRESS)
    return {
      does: "stop",
      reason: `${MOST_WITHOUT_PROGRESS} recoveries in a row did not bring the chain on (${cause})`,
      remedy: `see why nodeos ends (journalctl -u nodeos), then: systemctl start nodeos`,
    };
  const why = cause ?? "first start";
  const { snapshot } = means;
  if (snapshot) return { does: "try", rung: "snapshot", cause: why, snapshot };
  const replay = replayRefusal(facts, record);
  if (replay === undefined) return { does: "try", rung: "replay", cause: why };
  const published = publishedRefusal(facts, record, means, settings);
  if (published === undefined) return { does: "try", rung: "published", cause: why };
  return {
    does: "stop",
    reason: [why, ...means.skipped, replay, published, ...record.tries.map(tryText)].join("; "),
    remedy: remedyFor(isFirst, settings),
  };
}

function replayRefusal({ log, ship, freeBytes }: ChainFacts, { tries }: RecoveryRecord): string | undefined {
  if (!log) return "no replay: there is no block log";
  if (log.first > 1)
    return `no replay: the block log begins with block ${log.first}, not with the chain's first`;
  if (isSpent(tries, "replay")) return "no second replay";
  // nodeos keeps the old log beside the new one, and the old state history is put aside.
  const needed = log.bytes + (ship?.bytes ?? 0);
  return needed > freeBytes
    ? `no replay: it needs ${needed} bytes for a second copy of the logs, ${freeBytes} are free`
    : undefined;
}

function publishedRefusal(
  { log }: ChainFacts,
  { tries }: RecoveryRecord,
  { mayFetch }: Means,
  { keepsHistory }: Pick<ChainSettings, "keepsHistory">,
): string | undefined {
  if (!mayFetch) return "no snapshot of a mirror: none is configured";
  if (keepsHistory && log)
    return "no snapshot of a mirror: this host is there for its history, which would begin anew";
  return isSpent(tries, "published") ? "no second snapshot of the mirror" : undefined;
}

const tryText = ({ rung, snapshot, result, reason }: Try): string =>
  `${rung}${snapshot ? ` from ${snapshot}` : ""} ${result}${reason ? ` (${reason})` : ""}`;

const remedyFor = (isFirst: boolean, { keepsHistory }: Pick<ChainSettings, "keepsHistory">): string =>
  isFirst
    ? "put a snapshot of this chain, unpacked and named *.bin, into /data/nodeos/snapshots; where an EVM node runs, one older than the EVM genesis. Then: systemctl start nodeos"
    : keepsHistory
      ? "restore this host's last backup (docs/recovery.md), then: systemctl start nodeos"
      : "put a snapshot whose block is in the block log into /data/nodeos/snapshots, or move blocks/ and state-history/ away and put any snapshot of the chain there (docs/recovery.md). Then: systemctl start nodeos";

import { NODEOS_DATA, STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";
import { inspect, readBytes } from "../disk";
import { BLOCK_LOG, SHIP_LOG } from "../snapshots/layout";
import { blockLog, type LogRange, shipLog } from "../snapshots/logs";
import type { System } from "../system";
import type { ChainFacts } from "./ladder";
import { REVERSIBLE, STATE } from "./layout";
import { BLOCK_LOG_KIND, HISTORY_LOG_KIND, mendLog } from "./log-repair";
import type { RecoveryRecord } from "./record";
import type { ChainSettings } from "./settings";
import { inspectState } from "./state";

const FORKS = `${REVERSIBLE}/fork_db.dat`;

/** What was found, and what was mended on the way, in words. */
export interface Findings {
  facts: ChainFacts;
  mended: string[];
}

/** Mends the ends of the logs, which nodeos refuses torn, and says what is there. Safe to be killed in. */
export async function find(
  system: System,
  { ship, state: folder }: Pick<ChainSettings, "ship" | "state">,
  record: RecoveryRecord,
): Promise<Findings> {
  const blocks = await mended(system, BLOCK_LOG, BLOCK_LOG_KIND);
  const history = ship ? await mended(system, SHIP_LOG, HISTORY_LOG_KIND) : NOTHING;
  const state = await inspectState(system, folder);
  const log = blocks.beyond.length > 0 ? undefined : await blockLog(system, BLOCK_LOG);
  const kept =
    ship && history.beyond.length === 0 ? await shipLog(system, SHIP_LOG).catch(() => undefined) : undefined;
  const forks = state.is === "clean" ? await readBytes(system, FORKS) : undefined;
  const lacksForks = state.is === "clean" && forks === undefined;
  const { freeBytes } = await system.space(NODEOS_DATA);
  return {
    facts: {
      state,
      // The folder is there until the chain has gone on without it.
      inMemory: folder !== STATE || (await inspect(system, STATE_IN_MEMORY)) !== undefined,
      log,
      ship: kept,
      doubts: [
        ...blocks.beyond,
        ...history.beyond,
        // The state is ahead of the block that was cut off; nodeos refuses that ("Block log exception").
        ...(blocks.cut > 0 && state.is === "clean" ? ["the block log was cut short"] : []),
        ...behind(log, kept),
        // What a full disk leaves of it, at which nodeos ends whenever it is started ("Out of Range").
        ...(forks?.length === 0 ? ["the fork database (fork_db.dat) is empty"] : []),
        // One failed start is an accident, a busy port say; with a sign of damage, or by a signal, it is not.
        ...(record.plainFailures > 0 && lacksForks ? ["there is no fork database (fork_db.dat)"] : []),
        ...(record.crashes >= MOST_CRASHES ? ["nodeos crashed at its last starts"] : []),
      ],
      freeBytes,
    },
    mended: [...blocks.words, ...history.words],
  };
}

const MOST_CRASHES = 3;

interface Mended {
  cut: number;
  words: string[];
  beyond: string[];
}
const NOTHING: Mended = { cut: 0, words: [], beyond: [] };

async function mended(system: System, path: string, kind: typeof BLOCK_LOG_KIND): Promise<Mended> {
  const repair = await mendLog(system, path, kind);
  if (!repair) return NOTHING;
  const { cut, reindexed, beyond } = repair;
  return {
    cut,
    words: [
      ...(cut > 0 ? [`${path}: cut off ${cut} bytes of a block that was not written to its end`] : []),
      ...(reindexed ? [`${path}: wrote its index anew`] : []),
    ],
    beyond: beyond ? [`${path}: ${beyond}`] : [],
  };
}

/** State history is written with each block, before the block log: one that ends sooner has lost some ("State history write error"). */
const behind = (log: LogRange | undefined, ship: LogRange | undefined): string[] =>
  log && ship && ship.last < log.last
    ? [`the state history ends with block ${ship.last}, the block log with ${log.last}`]
    : [];

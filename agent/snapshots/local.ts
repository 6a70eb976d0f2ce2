import { basename, join } from "node:path";
import { list } from "../disk";
import type { System } from "../system";
import { type Expected, faultsOf } from "./judge";
import { BLOCK_LOG, SNAPSHOTS } from "./layout";
import { blockIdAt, blockLog } from "./logs";
import { hashOf, readRecord, type SnapshotRecord } from "./record";
import { SnapshotError } from "./sections";
import { readSnapshot, type SnapshotFacts } from "./snapshot-file";

/** A snapshot on this host, and whether nodeos may be started from it. */
export interface LocalSnapshot {
  path: string;
  /** Undefined where its bytes do not even tell that. */
  facts?: SnapshotFacts;
  /** Undefined where someone put it there: then its hash cannot be held against anything. */
  record?: SnapshotRecord;
  /** Why not to start from it; empty if nothing speaks against it. */
  faults: string[];
}

export interface Choice extends Pick<Expected, "chainId" | "before" | "after"> {
  /** Default: nodeos' own. */
  folder?: string;
  /** Default: nodeos' own. Without one, as on a fresh host, any block will do. */
  blockLog?: string;
  /** Last block of the block log, where it is to be taken for another than the file's: after a repair, say. */
  logEnd?: number;
  /** Whether to read each file in whole and hold it against the hash of its record. Default true. */
  hashes?: boolean;
}

/** Every snapshot of the host, judged, the highest block first; what is no snapshot comes last. */
export async function localSnapshots(system: System, choice: Choice = {}): Promise<LocalSnapshot[]> {
  const around = await surroundings(system, choice);
  const judged: LocalSnapshot[] = [];
  for (const path of await paths(system, choice)) judged.push(await judge(system, path, choice, around));
  return judged.sort((one, other) => (other.facts?.block ?? -1) - (one.facts?.block ?? -1));
}

/**
 * The newest snapshot that nodeos can be started from with the block log that is there. Undefined if there is none.
 * Files are hashed from the newest on, only until one is good.
 */
export async function newestGood(system: System, choice: Choice = {}): Promise<LocalSnapshot | undefined> {
  const around = await surroundings(system, choice);
  for (const { path } of await localSnapshots(system, { ...choice, hashes: false })) {
    const snapshot = await judge(system, path, choice, around);
    if (snapshot.faults.length === 0) return snapshot;
  }
  return undefined;
}

async function paths(system: System, { folder = SNAPSHOTS }: Choice): Promise<string[]> {
  const names = await list(system, folder);
  // A name that begins with a dot is one that is being made; nodeos' own for those is `.incomplete-…`, `.pending-…`.
  return names.filter((name) => /^[^.].*\.bin$/.test(name)).map((name) => join(folder, name));
}

type Around = Pick<Expected, "chainId" | "logEnd">;

/** What the block log says: how far it goes, and of which chain it is, where nobody has said that. */
async function surroundings(system: System, choice: Choice): Promise<Around> {
  const log = await blockLog(system, choice.blockLog ?? BLOCK_LOG).catch(() => undefined);
  const chainId = choice.chainId ?? log?.chainId;
  const logEnd = choice.logEnd ?? log?.last;
  return { ...(chainId === undefined ? {} : { chainId }), ...(logEnd === undefined ? {} : { logEnd }) };
}

async function judge(
  system: System,
  path: string,
  { before, after, hashes = true, blockLog: log = BLOCK_LOG }: Choice,
  around: Around,
): Promise<LocalSnapshot> {
  const record = await readRecord(system, path);
  try {
    const facts = await readSnapshot(system, path, around.chainId);
    const idInLog = await blockIdAt(system, log, facts.block).catch(() => undefined);
    const faults = faultsOf(facts, {
      ...around,
      ...(idInLog === undefined ? {} : { idInLog }),
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
      ...(record ? { record } : {}),
      ...(record && hashes ? { sha256: await hashOf(system, path) } : {}),
    });
    return { path, facts, ...(record ? { record } : {}), faults };
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    return { path, ...(record ? { record } : {}), faults: [`${basename(path)} ${error.message}`] };
  }
}

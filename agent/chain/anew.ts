import { z } from "zod";
import { FAILOVER_UNIT } from "../../components/core/failover/settings";
import { readText, writeState } from "../disk";
import { BLOCK_LOG } from "../snapshots/layout";
import { localSnapshots } from "../snapshots/local";
import { blockIdAt, blockLog } from "../snapshots/logs";
import type { System } from "../system";
import { putAside } from "./aside";
import { BLOCKS, HISTORY } from "./layout";
import type { ChainSettings } from "./settings";
import { inspectState } from "./state";

/** A block that this host's chain must have and may have another in the place of; its failover writes it. */
export const BEGIN_ANEW = `/var/lib/${FAILOVER_UNIT}/begin-anew.json`;
const schema = z.object({ number: z.int(), id: z.string(), time: z.string() });

/** Until the same may be asked for again: it did not help. */
const AGAIN_MS = 60 * 60_000;

/** Asks for it; answers false where that was done of late for the same block. */
export async function askAnew(
  system: System,
  { number, id }: { number: number; id: string },
  file = BEGIN_ANEW,
): Promise<boolean> {
  const now = system.now();
  const before = await asked(system, file);
  if (before?.id === id && now.getTime() - Date.parse(before.time) < AGAIN_MS) return false;
  // nodeos' own user reads it.
  await writeState(system, file, { number, id, time: now.toISOString() });
  return true;
}

/**
 * Puts a chain aside that has another block in the place of the one asked for: with its logs, and the snapshots that were
 * made from then on. Answers with what was done, for people, and when that was asked for, which is `done` from then on;
 * undefined where there is nothing to do. It may be killed at any point.
 */
export async function beginAnew(
  system: System,
  { state }: Pick<ChainSettings, "state">,
  done: string | undefined,
): Promise<{ what: string; asked: string } | undefined> {
  const wanted = await asked(system, BEGIN_ANEW);
  if (!wanted || wanted.time === done || !(await isAnother(system, wanted))) return undefined;
  const snapshots = await localSnapshots(system, { hashes: false });
  const later = snapshots.filter(({ facts }) => (facts?.block ?? wanted.number) >= wanted.number);
  const verdict = await inspectState(system, state);
  // The block log last: it is what tells that this is still to be done.
  const paths = [...later.map(({ path }) => path), state, HISTORY, BLOCKS];
  await putAside(system, paths, system.now().toISOString(), verdict);
  const what = `put another chain aside: from block ${wanted.number} on it is not that of this host's group`;
  return { what, asked: wanted.time };
}

/** A log does not tell the id of its last block; that one the failover has asked nodeos for. */
async function isAnother(system: System, { number, id }: { number: number; id: string }): Promise<boolean> {
  const log = await blockLog(system, BLOCK_LOG).catch(() => undefined);
  if (log?.last === number) return true;
  const own = await blockIdAt(system, BLOCK_LOG, number).catch(() => undefined);
  return own !== undefined && own !== id;
}

async function asked(system: System, file: string): Promise<z.infer<typeof schema> | undefined> {
  const text = await readText(system, file);
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

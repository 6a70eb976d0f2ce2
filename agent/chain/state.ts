import { open } from "node:fs/promises";
import { join } from "node:path";
import { inspect, list } from "../disk";
import type { System } from "../system";
import { DATABASE } from "./layout";

/** nodeos' state: `dirty` was not closed, `broken` is not whole. */
export type StateVerdict = { is: "none" | "clean" } | { is: "dirty" | "broken"; why: string };

/** Heads of chainbase's file and of the code cache (Leap 4.1: `EOSIODB2`, `EOSVMOC2`), a byte behind each. */
const MAGIC = "EOSIODB";
const CODE_CACHE = { file: "code_cache.bin", at: 512 };
const DIRTY_AT = 8;
/** Of boost's segment, behind chainbase's head of 1,024 bytes: how long the file was made. */
const SEGMENT_AT = 1112;
const HEAD_BYTES = 1024;
const WHOLE = 1024 * 1024;

/** Looks at the bytes that nodeos looks at, in the folder of its state, without starting it. */
export async function inspectState(system: System, folder: string): Promise<StateVerdict> {
  const state = await headOf(system, join(folder, DATABASE));
  if (!state) {
    // What a start leaves that was killed at once. An empty folder is as good as none.
    return (await list(system, folder)).length > 0
      ? { is: "broken", why: "the state has no database" }
      : { is: "none" };
  }
  if (!state.head.toString("latin1", 0, 7).startsWith(MAGIC))
    return { is: "broken", why: "the state's database does not begin as one" };
  const segment = Number(state.head.readBigUInt64LE(SEGMENT_AT)) + HEAD_BYTES;
  // Another build may keep its length elsewhere: only a plausible one that the file does not have is a verdict.
  if (segment % WHOLE === 0 && segment > state.bytes)
    return { is: "broken", why: `the state was cut short: ${state.bytes} of ${segment} bytes` };
  if (state.head[DIRTY_AT] !== 0) return { is: "dirty", why: "nodeos did not close its state" };
  const cache = await headOf(system, join(folder, CODE_CACHE.file));
  if (cache && cache.head[CODE_CACHE.at + DIRTY_AT] !== 0)
    return { is: "dirty", why: "nodeos did not close its code cache" };
  return { is: "clean" };
}

async function headOf(system: System, path: string): Promise<{ head: Buffer; bytes: number } | undefined> {
  if ((await inspect(system, path))?.kind !== "file") return undefined;
  const file = await open(system.path(path), "r");
  try {
    const head = Buffer.alloc(2048);
    await file.read(head, 0, head.length, 0);
    return { head, bytes: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

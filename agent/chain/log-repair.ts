import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { System } from "../system";

/**
 * A log of nodeos: entries one after another, each closed by 8 bytes with its own position (blocks.log from version 3 on,
 * the logs of state history), and an index of those positions.
 */
export interface LogKind {
  /** Where the first entry begins. Undefined: not a log that may be mended. */
  begin(file: FileHandle): Promise<number | undefined>;
  /** Number of the block at a position. */
  blockAt(file: FileHandle, position: number): Promise<number>;
  /** Where the entry at a position ends, if its head says so. Else its end is searched for. */
  endAt?(file: FileHandle, position: number): Promise<number>;
}

export interface Repair {
  /** Bytes of a last, torn entry that were cut off. */
  cut: number;
  /** Whether the index was written anew. */
  reindexed: boolean;
  /** The log is damaged in its middle, or in a way that cannot be mended here. */
  beyond?: string;
}

const POSITION = 8;
const CHUNK = 16 * 1024 * 1024;
/** Larger than any entry: blocks have up to some MB, their traces a few times that. */
const MOST_TORN = 256 * 1024 * 1024;
/** Entries that a crash may leave half written in the index, and one more to hold on to. */
const TAIL = 4;

/**
 * Cuts a log down to its last whole entry and makes its index fit. Changes nothing of a log that is whole. What is cut is
 * at most the entry that was being written; nothing before it is touched. Reads a log of terabytes only where its index is
 * gone.
 */
export async function mendLog(system: System, path: string, kind: LogKind): Promise<Repair | undefined> {
  const log = await open(system.path(path), "r+").catch(missing);
  if (!log) return undefined;
  const index = await open(system.path(indexPath(path)), constants.O_RDWR | constants.O_CREAT, 0o640);
  try {
    const { size } = await log.stat();
    const begin = await kind.begin(log);
    if (begin === undefined || size <= begin) return { cut: 0, reindexed: false };
    return await mend({ log, index, size, begin, kind });
  } finally {
    await log.close();
    await index.close();
  }
}

interface Opened {
  log: FileHandle;
  index: FileHandle;
  size: number;
  begin: number;
  kind: LogKind;
}

async function mend(opened: Opened): Promise<Repair> {
  const { log, index, size, begin, kind } = opened;
  const known = await trusted(opened);
  const first = await kind.blockAt(log, begin);
  let { count, end } = known;
  const added: number[] = [];
  while (end < size) {
    const next = await endOf(log, end, size, first + count, kind);
    if (next === undefined) break;
    added.push(end);
    end = next;
    count++;
  }
  if (count === 0) return { cut: 0, reindexed: false, beyond: "its first entry is not whole" };
  // A torn end is what a crash leaves: one entry. More than that is damage in the middle.
  if (size - end > MOST_TORN)
    return { cut: 0, reindexed: false, beyond: `it is damaged ${size - end} bytes before its end` };
  const before = (await index.stat()).size;
  const reindexed = added.length > 0 || before !== count * POSITION;
  if (end < size) {
    await log.truncate(end);
    await log.sync();
  }
  if (reindexed) await writeIndex(index, known.count, added);
  return { cut: size - end, reindexed };
}

async function writeIndex(index: FileHandle, kept: number, added: readonly number[]): Promise<void> {
  await index.truncate(kept * POSITION);
  const bytes = Buffer.alloc(added.length * POSITION);
  for (const [at, position] of added.entries()) bytes.writeBigUInt64LE(BigInt(position), at * POSITION);
  await index.write(bytes, 0, bytes.length, kept * POSITION);
  await index.sync();
}

const missing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== "ENOENT") throw error;
};

const indexPath = (path: string): string => path.replace(/\.log$/, ".index");

/** How many entries of the index agree with the log, and where the last of them ends; none where its tail does not. */
async function trusted({ log, index, size, begin, kind }: Opened): Promise<{ count: number; end: number }> {
  const none = { count: 0, end: begin };
  const entries = Math.floor((await index.stat()).size / POSITION);
  if (entries === 0 || (await positionAt(index, 0)) !== begin) return none;
  const first = await kind.blockAt(log, begin);
  for (let last = entries - 1; last >= Math.max(0, entries - TAIL); last--) {
    const position = await positionAt(index, last * POSITION);
    const next = last + 1 < entries ? await positionAt(index, (last + 1) * POSITION) : size;
    const isWhole = await endsAt(log, position, next).catch(() => false);
    if (!isWhole) continue;
    const block = await kind.blockAt(log, position).catch(() => -1);
    return block === first + last ? { count: last + 1, end: next } : none;
  }
  return none;
}

const endsAt = async (log: FileHandle, position: number, end: number): Promise<boolean> =>
  end > position && (await positionAt(log, end - POSITION)) === position;

async function endOf(
  file: FileHandle,
  position: number,
  size: number,
  block: number,
  kind: LogKind,
): Promise<number | undefined> {
  if (kind.endAt) {
    const end = await kind.endAt(file, position).catch(() => undefined);
    return end !== undefined && end <= size && (await endsAt(file, position, end)) ? end : undefined;
  }
  const mark = Buffer.alloc(POSITION);
  mark.writeBigUInt64LE(BigInt(position));
  const limit = Math.min(size, position + MOST_TORN);
  for (let at = position; at < limit; at += CHUNK - POSITION) {
    const chunk = Buffer.alloc(Math.min(CHUNK, limit - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    const part = chunk.subarray(0, bytesRead);
    for (let found = part.indexOf(mark); found >= 0; found = part.indexOf(mark, found + 1)) {
      const end = at + found + POSITION;
      if (end - position < 2 * POSITION) continue;
      // Where too little of the next entry is there to tell its block, the mark alone must do.
      if ((await kind.blockAt(file, end).catch(() => block + 1)) === block + 1) return end;
    }
  }
  return undefined;
}

async function positionAt(file: FileHandle, at: number): Promise<number> {
  return Number((await bytesAt(file, at, POSITION)).readBigUInt64LE(0));
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  if (bytesRead < length) throw new RangeError("past the end of the log");
  return bytes;
}

const TOTEM = Buffer.alloc(8, 0xff);
/** timestamp, producer, confirmed; then the id of the block before, which begins with its number. */
const PREVIOUS_AT = 4 + 8 + 2;

/** blocks.log of version 3: version, first block, genesis or chain id, eight 0xff, blocks. Pruned logs (bit 31) are left alone. */
export const BLOCK_LOG_KIND: LogKind = {
  begin: async (file) => {
    const head = Buffer.alloc(2048);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead < 16 || head.readUInt32LE(0) !== 3) return undefined;
    const totem = head.subarray(0, bytesRead).indexOf(TOTEM, 8);
    return totem < 0 ? undefined : totem + TOTEM.length;
  },
  blockAt: async (file, position) => (await bytesAt(file, position + PREVIOUS_AT, 4)).readUInt32BE(0) + 1,
};

const HISTORY_HEAD = 48;

/** magic, block id, length; then the traces. Pruned logs have another version: left alone. */
export const HISTORY_LOG_KIND: LogKind = {
  begin: async (file) => {
    const head = await bytesAt(file, 0, 8).catch(() => undefined);
    // The upper half of the magic is its name, the lower its version and features.
    return head && head.readUInt16LE(0) <= 1 && head.readUInt16LE(2) === 0 ? 0 : undefined;
  },
  blockAt: async (file, position) => (await bytesAt(file, position + 8, 4)).readUInt32BE(0),
  endAt: async (file, position) =>
    position + HISTORY_HEAD + Number((await bytesAt(file, position + 40, 8)).readBigUInt64LE(0)) + POSITION,
};

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { System } from "../system";
import { read } from "./sections";
import { timeOfSlot } from "./slot";

/** What a log of nodeos holds, by its own bytes. */
export interface LogRange {
  first: number;
  last: number;
  /** Entries of its index; each block has one. Undefined without an index. */
  indexed?: number;
  bytes: number;
}

/** A log of blocks tells its chain besides. */
export interface BlockLog extends LogRange {
  /** Time of its first block, UTC. */
  since?: string;
  chainId?: string;
}

const POSITION_BYTES = 8;
/** Ends the head of a block log: then no block has been written yet. */
const TOTEM = Buffer.alloc(8, 0xff);
/** version, first block. */
const BLOCK_HEAD_BYTES = 8;
/** timestamp, producer, confirmed. */
const BEFORE_PREVIOUS = 4 + 8 + 2;
/** A log from the genesis on holds it at its head; it has some 120 bytes. */
const MOST_GENESIS = 1024;
/** magic. */
const BEFORE_ID = 8;

/**
 * First and last block of a block log. Undefined where there is none, or none with a block in it. A log that was torn
 * leads to a place that is no block: it throws.
 */
export const blockLog = (system: System, path: string): Promise<BlockLog | undefined> =>
  opened(system, path, async (file, bytes) => {
    const head = await read(file, 0, BLOCK_HEAD_BYTES + MOST_GENESIS);
    const end = await read(file, bytes - POSITION_BYTES, POSITION_BYTES);
    if (head.length < BLOCK_HEAD_BYTES || end.length < POSITION_BYTES || end.equals(TOTEM)) return undefined;
    const position = positionOf(end, bytes, path);
    const previous = await read(file, position + BEFORE_PREVIOUS, 4);
    const first = head.readUInt32LE(4);
    const chain = chainOf(head, first);
    return {
      first,
      last: plausible(previous.readUInt32BE(0) + 1, first, path),
      bytes,
      ...(await indexOf(system, path)),
      ...(chain === undefined ? {} : { chainId: chain }),
      ...sinceOf(head),
    };
  });

/** The first block follows the head, with its time at its beginning. */
function sinceOf(head: Buffer): { since?: string } {
  const at = head.indexOf(TOTEM, BLOCK_HEAD_BYTES) + TOTEM.length;
  if (at < TOTEM.length || at + 4 > head.length) return {};
  return { since: timeOfSlot(head.readUInt32LE(at)).toISOString() };
}

/** The same of a log of state history (`trace_history.log`). */
export const shipLog = (system: System, path: string): Promise<LogRange | undefined> =>
  opened(system, path, async (file, bytes) => {
    const end = await read(file, bytes - POSITION_BYTES, POSITION_BYTES);
    if (end.length < POSITION_BYTES) return undefined;
    const [first, last] = await Promise.all(
      [0, positionOf(end, bytes, path)].map(async (at) =>
        (await read(file, at + BEFORE_ID, 4)).readUInt32BE(0),
      ),
    );
    return {
      first: first ?? 0,
      last: plausible(last ?? 0, first ?? 0, path),
      bytes,
      ...(await indexOf(system, path)),
    };
  });

/** Whether a log has every block between its first and its last; undefined where it has no index to tell by. */
export const isUnbroken = ({ first, last, indexed }: LogRange): boolean | undefined =>
  indexed === undefined ? undefined : indexed === last - first + 1;

/** Id of a block of the log, if the log has the next one, which names it. */
export async function blockIdAt(system: System, path: string, block: number): Promise<string | undefined> {
  const log = await blockLog(system, path);
  if (!log?.indexed || block < log.first || block >= log.last) return undefined;
  return opened(system, indexPath(path), async (index) => {
    const at = await read(index, (block + 1 - log.first) * POSITION_BYTES, POSITION_BYTES);
    return opened(system, path, async (file, bytes) =>
      (await read(file, positionOf(at, bytes, path) + BEFORE_PREVIOUS, 32)).toString("hex"),
    );
  });
}

const indexPath = (path: string): string => path.replace(/\.log$/, ".index");

const indexOf = async (system: System, path: string): Promise<{ indexed?: number }> => {
  const indexed = await opened(system, indexPath(path), async (_, bytes) => bytes / POSITION_BYTES);
  return indexed === undefined ? {} : { indexed };
};

/** A log that begins with the genesis holds its bytes, whose hash the chain is named by. */
function chainOf(head: Buffer, first: number): string | undefined {
  if (first > 1) return head.toString("hex", BLOCK_HEAD_BYTES, BLOCK_HEAD_BYTES + 32);
  const end = head.indexOf(TOTEM, BLOCK_HEAD_BYTES);
  if (end < 0) return undefined;
  return createHash("sha256").update(head.subarray(BLOCK_HEAD_BYTES, end)).digest("hex");
}

function positionOf(end: Buffer, bytes: number, path: string): number {
  const position = Number(end.readBigUInt64LE(0));
  if (position + BEFORE_PREVIOUS + 32 > bytes) throw new Error(`${path} does not end with a whole block`);
  return position;
}

function plausible(last: number, first: number, path: string): number {
  if (last < first || last - first > 0x7fffffff) throw new Error(`${path} does not end with a whole block`);
  return last;
}

async function opened<Result>(
  system: System,
  path: string,
  work: (file: FileHandle, bytes: number) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  let file: FileHandle;
  try {
    file = await open(system.path(path), "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { size } = await file.stat();
    return size === 0 ? undefined : await work(file, size);
  } finally {
    await file.close();
  }
}

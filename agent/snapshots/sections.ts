import type { FileHandle } from "node:fs/promises";

/** A part of a nodeos snapshot: where its rows lie in the file. */
export interface Section {
  name: string;
  offset: number;
  bytes: number;
}

/** `snapshot_magic` of nodeos, 0x30510550, as it lies in the file (libraries/chain/snapshot.cpp of Leap and Spring). */
const MAGIC = 0x30510550;
const HEAD_BYTES = 8;
/** Sizes, then a name that ends in NUL. No name of nodeos is longer. */
const LEAD_BYTES = 16;
const LONGEST_NAME = 240;
/** What stands in place of a next section's size. */
const END = 0xffffffffffffffffn;

/** The file is no snapshot, or not a whole one; the message says which. */
export class SnapshotError extends Error {}

/**
 * Walks over the sections of a snapshot without reading what is in them: each begins with its size, and an end mark
 * follows the last. Throws SnapshotError where a size leads past the file's end, or the mark is not its last.
 */
export async function sectionsOf(file: FileHandle): Promise<Section[]> {
  const { size } = await file.stat();
  const head = await read(file, 0, HEAD_BYTES);
  if (head.length < HEAD_BYTES || head.readUInt32LE(0) !== MAGIC)
    throw new SnapshotError("is no nodeos snapshot: it does not begin as one does; is it still packed?");
  const sections: Section[] = [];
  for (let at = HEAD_BYTES; ; ) {
    const lead = await read(file, at, LEAD_BYTES + LONGEST_NAME);
    if (lead.length >= 8 && lead.readBigUInt64LE(0) === END) {
      if (at + 8 === size) return sections;
      throw new SnapshotError("does not end where its content ends");
    }
    const bytes = lead.length < LEAD_BYTES ? Number.POSITIVE_INFINITY : Number(lead.readBigUInt64LE(0));
    const end = lead.indexOf(0, LEAD_BYTES);
    if (at + 8 + bytes > size || end < 0)
      throw new SnapshotError(`is cut short: its part at byte ${at} goes on past its end`);
    const name = lead.subarray(LEAD_BYTES, end).toString("latin1");
    const rows = at + end + 1;
    sections.push({ name, offset: rows, bytes: at + 8 + bytes - rows });
    at += 8 + bytes;
  }
}

/** The content of a section; at most `most` bytes of it. */
export const contentOf = (file: FileHandle, { offset, bytes }: Section, most: number): Promise<Buffer> =>
  read(file, offset, Math.min(bytes, most));

export async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

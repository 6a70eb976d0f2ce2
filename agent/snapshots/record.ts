import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { z } from "zod";
import { readState, writeState } from "../disk";
import type { System } from "../system";

const recordSchema = z.object({
  /** Of the file, as it was when it was made or fetched. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number(),
  chainId: z.string(),
  block: z.number(),
  blockId: z.string(),
  /** Of the block. */
  time: z.string(),
  version: z.number(),
  /** `taken` on this host, or `fetched` from a mirror. */
  origin: z.enum(["taken", "fetched"]),
});

/** What a host knows of a snapshot that it made or fetched: written beside it, once it was whole. */
export type SnapshotRecord = z.infer<typeof recordSchema>;

export const recordPath = (snapshot: string): string => `${snapshot}.json`;

export const readRecord = (system: System, snapshot: string): Promise<SnapshotRecord | undefined> =>
  readState<SnapshotRecord | undefined>(
    system,
    recordPath(snapshot),
    (value) => recordSchema.parse(value),
    undefined,
  );

export const writeRecord = (system: System, snapshot: string, record: SnapshotRecord): Promise<void> =>
  writeState(system, recordPath(snapshot), record);

/** sha256 of a file of any size. */
export async function hashOf(system: System, path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(system.path(path), { highWaterMark: 1 << 20 }))
    hash.update(chunk);
  return hash.digest("hex");
}

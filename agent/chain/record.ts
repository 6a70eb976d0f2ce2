import { z } from "zod";
import type { Bundle } from "../bundle";
import { readState, writeState } from "../disk";
import type { System } from "../system";
import { RECOVERY } from "./layout";

/** The ladder, from the rung that costs least to the one that costs most. */
export const RUNGS = ["snapshot", "replay", "published"] as const;
const rung = z.enum(RUNGS);
export type Rung = z.infer<typeof rung>;

const trySchema = z.object({
  rung,
  /** Snapshot that it starts from. */
  snapshot: z.string().exactOptional(),
  /** Its block: what nodeos must at least have reached to count as recovered. */
  block: z.number().exactOptional(),
  begun: z.string(),
  /** `interrupted`: killed from outside, which says nothing about the rung. */
  result: z.enum(["running", "ok", "failed", "interrupted"]),
  reason: z.string().exactOptional(),
  seconds: z.number().exactOptional(),
});

const recordSchema = z.object({
  /** Starts that found a state which nodeos cannot go on with, since the host was born. */
  dirtyStarts: z.number().default(0),
  /** Why the recovery under way, or the last one, was needed. */
  cause: z.string().exactOptional(),
  /** Of the recovery under way; empty after one that succeeded. */
  tries: z.array(trySchema).default([]),
  /** The last that came to a good end. */
  last: trySchema.extend({ cause: z.string(), head: z.number() }).exactOptional(),
  /** Recoveries since the chain last went on past the highest block it had: each one more is a loop. */
  withoutProgress: z.number().default(0),
  highest: z.number().default(0),
  /** When the failover asked for the new beginning that was made last. */
  begunAnew: z.string().exactOptional(),
  /** Starts in a row that failed with a state which looks clean. */
  plainFailures: z.number().default(0),
  /** Those of them that ended by a crash signal. */
  crashes: z.number().default(0),
  /** The start under way is one with a state that looks clean. */
  plain: z.boolean().default(false),
  /** Set while nodeos is not started: a person, or room on the disk, is needed. */
  stopped: z
    .object({ kind: z.enum(["ladder", "disk"]), reason: z.string(), remedy: z.string(), since: z.string() })
    .exactOptional(),
  /** What was mended or left out, newest last. */
  notes: z.array(z.object({ time: z.string(), what: z.string() })).default([]),
});

export type Try = z.infer<typeof trySchema>;
export type RecoveryRecord = z.infer<typeof recordSchema>;

const MOST_NOTES = 50;
export const EMPTY: RecoveryRecord = recordSchema.parse({});

export const readRecovery = (system: System): Promise<RecoveryRecord> =>
  readState(system, RECOVERY, (value) => recordSchema.parse(value), EMPTY);

export const writeRecovery = (system: System, record: RecoveryRecord): Promise<void> =>
  writeState(system, RECOVERY, { ...record, notes: record.notes.slice(-MOST_NOTES) });

/** The same with one more thing to tell, unless it was told last. */
export function noted(record: RecoveryRecord, now: Date, what: string): RecoveryRecord {
  if (record.notes.at(-1)?.what === what) return record;
  return { ...record, notes: [...record.notes, { time: now.toISOString(), what }] };
}

/** The try whose end nobody has told yet. */
export const underWay = ({ tries }: RecoveryRecord): Try | undefined =>
  tries.at(-1)?.result === "running" ? tries.at(-1) : undefined;

/** Ends the try under way. */
export const withEnd = (record: RecoveryRecord, end: Partial<Try>): RecoveryRecord => {
  const open = underWay(record);
  return open ? { ...record, tries: [...record.tries.slice(0, -1), { ...open, ...end }] } : record;
};

/** Whether a host of this bundle has a chain to tell about. */
export const hasChain = ({ document }: Bundle): boolean =>
  document.units.some(({ health }) => health?.kind === "nodeos");

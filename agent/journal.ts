import { z } from "zod";
import { originSchema } from "./audit";
import { readState, writeState } from "./disk";
import { JOURNAL } from "./layout";
import { preflightSchema } from "./preflight/check";
import type { System } from "./system";

const changeSchema = z.object({
  time: z.string(),
  origin: originSchema,
  /** Bundles before and after. */
  from: z.string().exactOptional(),
  to: z.string(),
  changed: z.number(),
});

const entrySchema = z.object({
  bundle: z.string(),
  previous: z.string().exactOptional(),
  origin: originSchema.default("change"),
  /** Of the end; of the start while it has no end. */
  time: z.string(),
  /** `unfinished`: still at work, or killed. */
  result: z.enum(["ok", "failed", "unfinished"]),
  /** The step at work while it is unfinished; the first that failed. */
  at: z.string().exactOptional(),
  changed: z.number(),
  /** Steps that came to an end and changed something, or failed. */
  steps: z.array(z.object({ name: z.string(), changed: z.array(z.string()), failed: z.array(z.string()) })),
  /** Of the last run that changed something; while one is at work, or killed, what it had changed by then. */
  lastChange: changeSchema.exactOptional(),
  /** Of the last run that was about to change something. */
  preflight: preflightSchema.exactOptional(),
});

/** The last provision, as `status` and the next run see it. A run that finds all as it shall be leaves it alone. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** Undefined before the first provision. */
export const readJournal = (system: System): Promise<JournalEntry | undefined> =>
  readState<JournalEntry | undefined>(system, JOURNAL, (value) => entrySchema.parse(value), undefined);

export const writeJournal = (system: System, entry: JournalEntry): Promise<void> =>
  writeState(system, JOURNAL, entry);

/** Where the last run stood when it failed or was killed; undefined if it came to a good end. */
export const stoodAt = (journal: JournalEntry | undefined): string | undefined =>
  journal && journal.result !== "ok" ? (journal.at ?? "an unknown step") : undefined;

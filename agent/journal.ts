import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { readState, writeState } from "./disk";
import { AUDIT, JOURNAL } from "./layout";
import type { System } from "./system";

const entrySchema = z.object({
  bundle: z.string(),
  previous: z.string().optional(),
  /** Of the end; of the start while it has no end. */
  time: z.string(),
  /** `unfinished`: still at work, or killed. */
  result: z.enum(["ok", "failed", "unfinished"]),
  changed: z.number(),
  steps: z.array(z.object({ name: z.string(), changed: z.array(z.string()), failed: z.array(z.string()) })),
});

/** The last provision, as `status` and the next run see it. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** Undefined before the first provision. */
export const readJournal = (system: System): Promise<JournalEntry | undefined> =>
  readState<JournalEntry | undefined>(system, JOURNAL, (value) => entrySchema.parse(value), undefined);

export const writeJournal = (system: System, entry: JournalEntry): Promise<void> =>
  writeState(system, JOURNAL, entry);

/** Adds a line to the audit trail: names and hashes, never content or a secret. */
export async function audit(system: System, action: string, entry: Record<string, unknown>): Promise<void> {
  const path = system.path(AUDIT);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const line = JSON.stringify({ action, time: system.now().toISOString(), ...entry });
  await appendFile(path, `${line}\n`, { mode: 0o640, flush: true });
}

import { z } from "zod";
import { readState, writeState } from "../disk";
import { BACKUP_STATE } from "../layout";
import type { System } from "../system";

const stateSchema = z.object({
  /** The last that came to a good end. */
  last: z
    .object({
      time: z.string(),
      id: z.string(),
      block: z.number(),
      bytes: z.number(),
      addedBytes: z.number(),
      seconds: z.number(),
    })
    .exactOptional(),
  /** Why the last try failed; gone with the next good one. */
  failure: z.object({ time: z.string(), reason: z.string() }).exactOptional(),
  drill: z
    .object({ time: z.string(), ok: z.boolean(), reason: z.string().exactOptional(), seconds: z.number() })
    .exactOptional(),
});

/** What `status` and metrics tell of backups. Anyone on the host may read it. */
export type BackupState = z.infer<typeof stateSchema>;

export const backupState = (system: System): Promise<BackupState> =>
  readState<BackupState>(system, BACKUP_STATE, (value) => stateSchema.parse(value), {});

export async function noteBackup(system: System, news: Partial<BackupState>): Promise<void> {
  const { failure, ...rest } = await backupState(system);
  const kept = failure && !news.last ? { failure } : {};
  await writeState(system, BACKUP_STATE, { ...rest, ...kept, ...news });
}

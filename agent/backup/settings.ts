import { z } from "zod";
import { BACKUP_SETTINGS } from "../../components/core/services/backups";
import { settingsFrom } from "../settings-file";
import type { System } from "../system";

const count = z.int().min(0);

const schema = z.strictObject({
  /** As restic takes it. */
  repository: z.string(),
  region: z.string(),
  keep: z.strictObject({ last: count, daily: count, weekly: count, monthly: count }),
  stack: z.string(),
  host: z.string(),
  /** nodeos' chain API, its producer and snapshot APIs, and its p2p port on loopback. */
  api: z.url(),
  control: z.url(),
  p2p: z.string(),
  chainId: z.string().exactOptional(),
  /** Units that are stopped while files are read, in that order. */
  units: z.array(z.string()),
  /** Folder of the EVM node's chain data. */
  evm: z.string().exactOptional(),
  /** Folder on the data disk for restic's index and for drills. */
  cache: z.string(),
});

/** What the plan says of this host's backups (written by the service `backups`). */
export type BackupSettings = z.infer<typeof schema>;

export const backupSettings = (system: System): Promise<BackupSettings> =>
  settingsFrom(system, BACKUP_SETTINGS, schema, "the plan gives this host no backups; see docs/backups.md");

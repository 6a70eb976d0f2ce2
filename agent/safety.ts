import { SNAPSHOT_SETTINGS } from "../components/core/services/nodeos-files";
import { type BackupState, backupState } from "./backup/state";
import { readText } from "./disk";
import { gauge, type Metric } from "./metric";
import { lacks } from "./snapshots/history";
import { type SnapshotSettings, snapshotSettings } from "./snapshots/settings";
import { type SnapshotState, snapshotState } from "./snapshots/state";
import type { System } from "./system";
import type { Check } from "./verification";

/** What this host could be brought back from, and what it has kept. Absent where the plan asks for nothing of it. */
export interface Safety {
  snapshots?: SnapshotState;
  backups?: BackupState;
}

export async function safetyOf(system: System): Promise<Safety> {
  const [snapshots, backups] = await Promise.all([snapshotState(system), backupState(system)]);
  return {
    ...(Object.keys(snapshots).length > 0 ? { snapshots } : {}),
    ...(Object.keys(backups).length > 0 ? { backups } : {}),
  };
}

const seconds = (time: string): number => Date.parse(time) / 1000;

const measure = (
  name: string,
  help: string,
  value: number | undefined,
  labels: Record<string, string> = {},
): Metric => gauge(name, help, value === undefined ? [] : [{ labels, value }]);

/** Names as the alert rules have them. */
export function safetyMetrics({ snapshots, backups }: Safety): Metric[] {
  const { last, failure, history } = snapshots ?? {};
  const drill = backups?.drill;
  return [
    measure(
      "last_snapshot_timestamp_seconds",
      "When the last good snapshot was taken.",
      last && seconds(last.taken),
    ),
    measure("last_snapshot_bytes", "Its size.", last?.bytes),
    measure("last_snapshot_block", "Its block.", last?.block),
    measure(
      "snapshot_failing",
      "1 if the last try to take one failed.",
      snapshots && Number(failure !== undefined),
    ),
    measure(
      "last_backup_timestamp_seconds",
      "When the last good backup ended.",
      backups?.last && seconds(backups.last.time),
    ),
    measure("last_backup_bytes", "What it holds.", backups?.last?.bytes),
    measure("last_backup_added_bytes", "What of it was new in the repository.", backups?.last?.addedBytes),
    measure(
      "backup_failing",
      "1 if the last try to make one failed.",
      backups && Number(backups.failure !== undefined),
    ),
    measure("last_drill_timestamp_seconds", "When the last drill ended.", drill && seconds(drill.time), {
      drill: "restore",
    }),
    measure("last_drill_success", "1 if it came to a good end.", drill && Number(drill.ok), {
      drill: "restore",
    }),
    measure("history_first_block", "First block of the block log.", history?.blocks?.first),
    measure("history_first_ship_block", "First block of the state history.", history?.ship?.first),
  ];
}

/** The last words on snapshots, backups and drills; and of an archive, whether it has everything. */
export async function safetyChecks(system: System, role: string): Promise<Check[]> {
  const { snapshots, backups } = await safetyOf(system);
  const failing = (what: string, failure: { time: string; reason: string } | undefined): Check[] =>
    failure
      ? [
          {
            name: "safety",
            verdict: "warning",
            detail: `${what} of ${failure.time} failed: ${failure.reason}`,
          },
        ]
      : [];
  const { drill } = backups ?? {};
  return [
    ...failing("the snapshot", snapshots?.failure),
    ...failing("the backup", backups?.failure),
    ...(drill && !drill.ok
      ? failing("the restore drill", { time: drill.time, reason: drill.reason ?? "" })
      : []),
    ...(role === "archive" ? archiveChecks(snapshots, await settingsOf(system)) : []),
  ];
}

function archiveChecks(state: SnapshotState | undefined, settings: SnapshotSettings | undefined): Check[] {
  const history = state?.history;
  if (!history)
    return [
      {
        name: "safety",
        verdict: "warning",
        detail:
          "nobody has looked yet whether this archive has every block: systemctl start nodewright-snapshot",
      },
    ];
  const faults = lacks(history, settings?.before);
  const { blocks, ship } = history;
  const all = `every block from ${blocks?.first} to ${blocks?.last}, state history from ${ship?.first} to ${ship?.last}, looked at ${history.looked}`;
  return faults.length === 0
    ? [{ name: "safety", verdict: "ok", detail: all }]
    : faults.map(
        (detail): Check => ({ name: "safety", verdict: "failed", detail: `this archive: ${detail}` }),
      );
}

const settingsOf = async (system: System): Promise<SnapshotSettings | undefined> =>
  (await readText(system, SNAPSHOT_SETTINGS)) === undefined ? undefined : snapshotSettings(system);

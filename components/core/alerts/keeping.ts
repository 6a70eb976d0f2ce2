import type { AlertGroup } from "./alert";

const DAY = 86_400;

/** What nobody misses before it is needed: snapshots, backups, drills, certificates, logs. */
export const keeping: AlertGroup = {
  name: "keeping",
  alerts: [
    {
      name: "SnapshotOld",
      severity: "ticket",
      expr: `time() - nodewright_last_snapshot_timestamp_seconds > ${2 * DAY}`,
      minutes: 30,
      summary: "{{ $labels.host }}: its last good snapshot is {{ $value | humanizeDuration }} old",
    },
    {
      name: "SnapshotFailing",
      severity: "ticket",
      expr: "nodewright_snapshot_failing == 1",
      minutes: 30,
      summary: "{{ $labels.host }}: its last try to take a snapshot failed",
    },
    {
      name: "BackupOld",
      severity: "page",
      expr: `time() - nodewright_last_backup_timestamp_seconds > ${2 * DAY}`,
      minutes: 30,
      summary: "{{ $labels.host }}: its last good backup is {{ $value | humanizeDuration }} old",
    },
    {
      name: "BackupFailing",
      severity: "ticket",
      expr: "nodewright_backup_failing == 1",
      minutes: 30,
      summary: "{{ $labels.host }}: its last try to make a backup failed",
    },
    {
      name: "DrillFailed",
      severity: "page",
      expr: "nodewright_last_drill_success == 0",
      minutes: 30,
      summary: "{{ $labels.host }}: the drill {{ $labels.drill }} failed: its backups may be of no use",
    },
    {
      name: "DrillOld",
      severity: "ticket",
      expr: `time() - nodewright_last_drill_timestamp_seconds > ${35 * DAY}`,
      minutes: 60,
      summary:
        "{{ $labels.host }}: the drill {{ $labels.drill }} last ended {{ $value | humanizeDuration }} ago",
    },
    {
      name: "CertificateExpires",
      severity: "page",
      of: ["logs"],
      expr: `nodewright_certificate_expiry_timestamp_seconds - time() < ${30 * DAY}`,
      minutes: 60,
      summary: "{{ $labels.host }}: {{ $labels.secret }} expires in {{ $value | humanizeDuration }}",
    },
    {
      name: "LogsMissing",
      severity: "ticket",
      of: ["log-store"],
      // Also where none ever came.
      expr: 'up{job="agent"} == 1 unless on (host) label_replace(time() - nodewright_log_last_timestamp_seconds < 1800, "host", "$1", "from", "(.*)")',
      minutes: 10,
      summary: "{{ $labels.host }}: no line of its logs came to the monitor for half an hour",
    },
  ],
};

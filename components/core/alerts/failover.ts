import { ETCD } from "../failover/plan";
import type { AlertGroup } from "./alert";

/** Whose word decides who produces. */
export const failover: AlertGroup = {
  name: "failover",
  alerts: [
    {
      name: "HolderCount",
      severity: "page",
      of: [ETCD],
      expr: "sum by (group) (nodewright_failover_holder) != 1",
      minutes: 1,
      summary: "{{ $labels.group }}: {{ $value }} hosts hold production, and one should",
    },
    {
      name: "SlotsMissed",
      severity: "page",
      of: [ETCD],
      // A turn of 21 producers is twelve slots.
      expr: "nodewright_failover_missed_slots > 12",
      minutes: 1,
      summary: "{{ $labels.host }}: it holds production and made no block in {{ $value }} of its own slots",
    },
    {
      name: "FailedOver",
      severity: "ticket",
      of: [ETCD],
      expr: "max by (group) (changes(nodewright_failover_terms_total[15m])) > 0",
      minutes: 0,
      summary: "{{ $labels.group }}: production moved {{ $value }} times in a quarter of an hour",
    },
    {
      name: "LeaseOld",
      severity: "ticket",
      of: [ETCD],
      // Half of the fence that holds where a stack file says nothing.
      expr: "nodewright_failover_lease_age_seconds > 2",
      minutes: 2,
      summary: "{{ $labels.host }}: its last renewal is {{ $value | humanizeDuration }} old; it pauses soon",
    },
    {
      name: "StandbyUnfit",
      severity: "ticket",
      of: [ETCD],
      expr: "nodewright_failover_ready == 0",
      minutes: 15,
      summary: "{{ $labels.host }}: it could not take production over",
    },
    {
      name: "QuorumLost",
      severity: "page",
      of: [ETCD],
      expr: 'max by (job) (etcd_server_has_leader{job="etcd"}) == 0 or absent(etcd_server_has_leader{job="etcd"})',
      minutes: 1,
      summary: "etcd has no leader: nobody may produce, and nobody takes over",
    },
    {
      name: "QuorumMemberDown",
      severity: "page",
      of: [ETCD],
      expr: 'up{job="etcd"} == 0 or etcd_server_has_leader{job="etcd"} == 0',
      minutes: 5,
      summary: "{{ $labels.host }}: its member of etcd takes no part; one more, and production stops",
    },
    {
      name: "QuorumRestless",
      severity: "ticket",
      of: [ETCD],
      expr: 'increase(etcd_server_leader_changes_seen_total{job="etcd"}[15m]) > 3',
      minutes: 5,
      summary:
        "{{ $labels.host }}: etcd changed its leader {{ $value | humanize }} times in a quarter of an hour",
    },
    {
      name: "QuorumDiskSlow",
      severity: "ticket",
      of: [ETCD],
      expr: 'histogram_quantile(0.99, rate(etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd"}[5m])) > 0.5',
      minutes: 10,
      summary: "{{ $labels.host }}: etcd waits {{ $value | humanizeDuration }} for its disk",
    },
  ],
};

/** What makes one alert come: series by their samples, a minute each (Prometheus' notation), and when to look. */
export interface Case {
  /** Between two samples, and two looks at the rules. Default a minute. */
  every?: "1h";
  series: Record<string, string>;
  /** It is there then. */
  at: string;
  /** It is not there yet. */
  quiet: string;
  labels: Record<string, string>;
}

const HOST = { host: "a" };
const agent = 'job="agent",host="a"';
const unit = (service: string) => `${agent},service="${service}"`;
const DAY = 86_400;
/** The time of these tests begins at 0; an age is as old as they are. An hour a sample: they span weeks. */
const old = (metric: string, days: number, labels = agent): Case => ({
  every: "1h",
  series: { [`${metric}{${labels}}`]: `0+0x${days * 24 + 10}` },
  at: `${days * 24 + 3}h`,
  quiet: `${days * 24 - 1}h`,
  labels: HOST,
});

/** Right for five minutes, and then not for an hour. */
const failing = (metric: string, samples: string, labels = agent): Case => ({
  series: { [`${metric}{${labels}}`]: samples },
  at: "40m",
  quiet: "32m",
  labels: HOST,
});

export const CASES: Record<string, Case> = {
  HostSilent: { series: { [`up{${agent}}`]: "1x5 0x10" }, at: "10m", quiet: "6m", labels: HOST },
  MetricsSilent: {
    series: { 'up{job="node-exporter",host="a"}': "0x30", [`up{${agent}}`]: "1x30" },
    at: "12m",
    quiet: "8m",
    labels: HOST,
  },
  ServiceDown: {
    series: {
      [`nodewright_up{${unit("nodeos")}}`]: "0x10",
      [`nodewright_unit_waiting{${unit("nodeos")}}`]: "0x10",
    },
    at: "3m",
    quiet: "1m",
    labels: { ...HOST, service: "nodeos" },
  },
  ServiceWaitsForSecret: {
    series: {
      [`nodewright_up{${unit("nodeos")}}`]: "0x30",
      [`nodewright_unit_waiting{${unit("nodeos")}}`]: "1x30",
    },
    at: "20m",
    quiet: "10m",
    labels: { ...HOST, service: "nodeos" },
  },
  ServiceRestarts: {
    series: { [`nodewright_unit_restarts{${unit("nodeos")}}`]: "0x10 1+1x5" },
    at: "16m",
    quiet: "10m",
    labels: { ...HOST, service: "nodeos" },
  },
  VerificationFailed: {
    series: { [`nodewright_verification{${agent},check="disk"}`]: "1x5 2x20" },
    at: "15m",
    quiet: "5m",
    labels: { ...HOST, check: "disk" },
  },
  ProvisionFailed: {
    series: { [`nodewright_last_provision_success{${agent}}`]: "1x5 0x20" },
    at: "15m",
    quiet: "5m",
    labels: HOST,
  },
  DiskFullSoon: {
    series: {
      [`nodewright_disk_full_timestamp_seconds{${agent},path="/data"}`]: `${40 * DAY}x10 ${13 * DAY}x100`,
    },
    at: "100m",
    quiet: "30m",
    labels: { ...HOST, path: "/data" },
  },
  DiskAlmostFull: {
    series: {
      [`nodewright_disk_free_bytes{${agent},path="/data"}`]: "6x5 4x20",
      [`nodewright_disk_size_bytes{${agent},path="/data"}`]: "100x30",
    },
    at: "15m",
    quiet: "5m",
    labels: { ...HOST, path: "/data" },
  },
  MemoryLow: {
    series: {
      'node_memory_MemAvailable_bytes{job="node-exporter",host="a"}': "6x5 4x30",
      'node_memory_MemTotal_bytes{job="node-exporter",host="a"}': "100x40",
    },
    at: "20m",
    quiet: "5m",
    labels: HOST,
  },
  MemoryErrors: {
    series: {
      'node_edac_uncorrectable_errors_total{job="node-exporter",host="a",controller="0"}': "0x10 1x20",
    },
    at: "15m",
    quiet: "9m",
    labels: HOST,
  },
  ClockOff: {
    // A minute a minute, and after ten of them a second more.
    series: { 'node_time_seconds{job="node-exporter",host="a"}': "0+60x10 661+60x30" },
    at: "25m",
    quiet: "10m",
    labels: HOST,
  },
  HeadOld: {
    series: { [`nodewright_head_age_seconds{${unit("nodeos")}}`]: "1x5 60x10" },
    at: "10m",
    quiet: "6m",
    labels: HOST,
  },
  IrreversibleStuck: {
    series: { [`nodewright_last_irreversible_block{${unit("nodeos")}}`]: "1+120x20 2401x30" },
    at: "35m",
    quiet: "25m",
    labels: HOST,
  },
  NoPeers: {
    series: {
      [`nodewright_peers{${unit("nodeos")}}`]: "1x5 0x10",
      [`nodewright_peers_wanted{${unit("nodeos")}}`]: "1x15",
    },
    at: "12m",
    quiet: "8m",
    labels: HOST,
  },
  StateAlmostFull: {
    series: {
      [`nodewright_chain_state_free_bytes{${unit("nodeos")}}`]: "20x5 9x30",
      [`nodewright_chain_state_size_bytes{${unit("nodeos")}}`]: "100x40",
    },
    at: "20m",
    quiet: "8m",
    labels: HOST,
  },
  DirtyRestart: {
    series: { [`nodewright_dirty_restarts_total{${unit("nodeos")}}`]: "0x10 1x10" },
    at: "15m",
    quiet: "9m",
    labels: HOST,
  },
  ShipBehind: {
    series: { [`nodewright_ship_lag_blocks{${unit("evm-node")}}`]: "10x5 1000x20" },
    at: "15m",
    quiet: "8m",
    labels: HOST,
  },
  EvmBehind: {
    series: {
      [`nodewright_head_age_seconds{${unit("evm-rpc-1")}}`]: "1x5 60x20",
      [`nodewright_head_age_seconds{${unit("nodeos")}}`]: "1x30",
    },
    at: "12m",
    quiet: "7m",
    labels: { ...HOST, service: "evm-rpc-1" },
  },
  EvmAccountShort: {
    series: {
      [`nodewright_evm_account_left_ratio{${agent},account="evmminer1111",resource="cpu"}`]: "0.5x5 0.05x30",
    },
    at: "20m",
    quiet: "12m",
    labels: { ...HOST, account: "evmminer1111", resource: "cpu" },
  },
  FewPeers: {
    series: {
      [`nodewright_peers{${unit("nodeos")}}`]: "3x5 1x60",
      [`nodewright_peers_wanted{${unit("nodeos")}}`]: "4x65",
    },
    at: "40m",
    quiet: "32m",
    labels: HOST,
  },
  SnapshotFailing: failing("nodewright_snapshot_failing", "0x5 1x60"),
  BackupFailing: failing("nodewright_backup_failing", "0x5 1x60"),
  DrillFailed: failing("nodewright_last_drill_success", "1x5 0x60", `${agent},drill="restore"`),
  HolderCount: {
    series: {
      [`nodewright_failover_holder{${agent},group="producers"}`]: "1x5 0x10",
      'nodewright_failover_holder{job="agent",host="b",group="producers"}': "0x20",
    },
    at: "8m",
    quiet: "5m",
    labels: { group: "producers" },
  },
  SlotsMissed: {
    series: { [`nodewright_failover_missed_slots{${agent}}`]: "0x5 20x10" },
    at: "8m",
    quiet: "5m",
    labels: HOST,
  },
  FailedOver: {
    series: { [`nodewright_failover_terms_total{${agent},group="producers"}`]: "1x10 2x20" },
    at: "12m",
    quiet: "9m",
    labels: { group: "producers" },
  },
  LeaseOld: {
    series: { [`nodewright_failover_lease_age_seconds{${agent}}`]: "1x5 3x10" },
    at: "9m",
    quiet: "6m",
    labels: HOST,
  },
  StandbyUnfit: {
    series: { [`nodewright_failover_ready{${agent},group="producers"}`]: "1x5 0x30" },
    at: "24m",
    quiet: "15m",
    labels: HOST,
  },
  QuorumLost: {
    series: {
      'etcd_server_has_leader{job="etcd",host="a"}': "1x5 0x10",
      'etcd_server_has_leader{job="etcd",host="b"}': "1x6 0x10",
    },
    at: "10m",
    quiet: "6m",
    labels: { job: "etcd" },
  },
  QuorumMemberDown: {
    series: {
      'up{job="etcd",host="a"}': "1x5 0x20",
      'up{job="etcd",host="b"}': "1x30",
      'etcd_server_has_leader{job="etcd",host="b"}': "1x30",
    },
    at: "14m",
    quiet: "9m",
    labels: HOST,
  },
  QuorumRestless: {
    series: { 'etcd_server_leader_changes_seen_total{job="etcd",host="a"}': "1x10 2+1x20" },
    at: "28m",
    quiet: "10m",
    labels: HOST,
  },
  QuorumDiskSlow: {
    series: {
      'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",host="a",le="0.064"}': "0+60x10 600+1x30",
      'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",host="a",le="1.024"}': "0+60x10 600+60x30",
      'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",host="a",le="+Inf"}': "0+60x10 600+60x30",
    },
    at: "35m",
    quiet: "10m",
    labels: HOST,
  },
  SnapshotOld: old("nodewright_last_snapshot_timestamp_seconds", 2),
  BackupOld: old("nodewright_last_backup_timestamp_seconds", 2),
  DrillOld: old("nodewright_last_drill_timestamp_seconds", 35, `${agent},drill="restore"`),
  CertificateExpires: {
    series: {
      [`nodewright_certificate_expiry_timestamp_seconds{${agent},secret="tls-identity"}`]: `${40 * DAY}x10 ${29 * DAY}x100`,
    },
    at: "90m",
    quiet: "40m",
    labels: { ...HOST, secret: "tls-identity" },
  },
  EdgeErrors: {
    series: {
      'haproxy_frontend_http_responses_total{job="proxy",host="a",proxy="rpc",code="5xx"}': "0x10 2+2x30",
      'haproxy_frontend_http_responses_total{job="proxy",host="a",proxy="rpc",code="2xx"}': "0+98x40",
    },
    at: "25m",
    quiet: "10m",
    labels: HOST,
  },
  EdgeNoNode: {
    series: {
      'haproxy_server_status{job="proxy",host="a",proxy="reads",server="own.rpc",state="UP"}': "1x5 0x10",
    },
    at: "10m",
    quiet: "5m",
    labels: HOST,
  },
  EdgeAllBehind: {
    series: { 'nodewright_edge_degraded{job="proxy/edge",host="a"}': "0x5 1x10" },
    at: "10m",
    quiet: "6m",
    labels: { ...HOST, job: "proxy/edge" },
  },
  EdgeCertificateEnds: {
    series: {
      [`nodewright_edge_certificate_start_timestamp_seconds{${agent}}`]: "0+0x250",
      [`nodewright_edge_certificate_expiry_timestamp_seconds{${agent}}`]: "12000+0x250",
      [`nodewright_edge_certificate_placeholder{${agent}}`]: "0+0x250",
    },
    at: "230m",
    quiet: "200m",
    labels: HOST,
  },
  LogsMissing: {
    series: {
      [`up{${agent}}`]: "1x100",
      'up{job="agent",host="b"}': "1x100",
      // The monitor saw a line of b each minute, the last of a half an hour ago.
      'nodewright_log_last_timestamp_seconds{job="agent",host="watch",from="a"}': "0+60x20 1200x80",
      'nodewright_log_last_timestamp_seconds{job="agent",host="watch",from="b"}': "0+60x100",
    },
    at: "65m",
    quiet: "50m",
    labels: HOST,
  },
  AlertsNotSent: {
    series: {
      'alertmanager_notifications_failed_total{job="alertmanager",host="a",integration="webhook"}':
        "0x10 1+1x20",
    },
    at: "20m",
    quiet: "10m",
    labels: HOST,
  },
  RulesFail: {
    series: { 'prometheus_rule_evaluation_failures_total{job="prometheus",host="a"}': "0x10 1+1x20" },
    at: "20m",
    quiet: "10m",
    labels: HOST,
  },
};

import type { AlertGroup } from "./alert";

/** A forecast within which a larger disk can still be had without haste. */
const DISK_NOTICE = "14 * 86400";
/** Blocks follow each other every half second; who is further off signs into another's slot. */
const CLOCK_OFF = 0.5;

export const hosts: AlertGroup = {
  name: "hosts",
  alerts: [
    {
      name: "HostSilent",
      severity: "page",
      expr: 'up{job="agent"} == 0',
      minutes: 2,
      summary: "{{ $labels.host }}: its agent has not answered for 2 minutes",
    },
    {
      name: "MetricsSilent",
      severity: "ticket",
      expr: 'up{job!="agent"} == 0',
      minutes: 10,
      summary: "{{ $labels.host }}: {{ $labels.job }} tells no metrics",
    },
    {
      name: "ServiceDown",
      severity: "page",
      expr: "nodewright_up == 0 and nodewright_unit_waiting == 0",
      minutes: 2,
      summary: "{{ $labels.host }}: {{ $labels.service }} does not do its work",
    },
    {
      name: "ServiceWaitsForSecret",
      severity: "ticket",
      expr: "nodewright_unit_waiting == 1",
      minutes: 15,
      summary: "{{ $labels.host }}: {{ $labels.service }} waits for a secret that has not arrived",
    },
    {
      name: "ServiceRestarts",
      severity: "ticket",
      expr: "increase(nodewright_unit_restarts[1h]) > 3",
      minutes: 0,
      summary:
        "{{ $labels.host }}: {{ $labels.service }} was started again {{ $value }} times within an hour",
    },
    {
      name: "VerificationFailed",
      severity: "page",
      expr: "nodewright_verification == 2",
      minutes: 5,
      summary: "{{ $labels.host }}: the check {{ $labels.check }} fails",
    },
    {
      name: "ProvisionFailed",
      severity: "ticket",
      expr: "nodewright_last_provision_success == 0",
      minutes: 5,
      summary: "{{ $labels.host }}: its last change did not come to a good end",
    },
    {
      name: "DiskFullSoon",
      severity: "ticket",
      expr: `nodewright_disk_full_timestamp_seconds - time() < ${DISK_NOTICE}`,
      minutes: 60,
      summary:
        "{{ $labels.host }}: {{ $labels.path }} is full in {{ $value | humanizeDuration }} if it fills as it did",
    },
    {
      name: "DiskAlmostFull",
      severity: "page",
      expr: "nodewright_disk_free_bytes / nodewright_disk_size_bytes < 0.05",
      minutes: 5,
      summary: "{{ $labels.host }}: {{ $value | humanizePercentage }} of {{ $labels.path }} is left",
    },
    {
      name: "MemoryLow",
      severity: "ticket",
      expr: "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.05",
      minutes: 10,
      summary: "{{ $labels.host }}: {{ $value | humanizePercentage }} of its memory is left",
    },
    {
      name: "MemoryErrors",
      severity: "ticket",
      expr: "increase(node_edac_correctable_errors_total[1d]) > 0 or increase(node_edac_uncorrectable_errors_total[1d]) > 0",
      minutes: 0,
      summary: "{{ $labels.host }}: its memory had {{ $value }} errors within a day",
    },
    {
      name: "ClockOff",
      severity: "page",
      // Against the monitor's clock at the time of the scrape, which is late by what the answer took.
      expr: `abs(avg_over_time((node_time_seconds - timestamp(node_time_seconds))[5m:15s])) > ${CLOCK_OFF}`,
      minutes: 5,
      summary: "{{ $labels.host }}: its clock is {{ $value | humanizeDuration }} off the monitor's",
    },
  ],
};

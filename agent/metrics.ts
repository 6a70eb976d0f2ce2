import type { RecoveryRecord } from "./chain/record";
import type { DiskStatus } from "./disks";
import { evmMetrics } from "./evm/metrics";
import { gauge, type Metric, plain, printMetrics } from "./metric";
import { safetyMetrics } from "./safety";
import type { HostStatus, ServiceStatus } from "./status";
import type { Verdict, Verification } from "./verification";

type PerService = [
  name: string,
  help: string,
  value: (service: ServiceStatus) => number | boolean | undefined,
];

const PER_SERVICE: PerService[] = [
  ["up", "1 if the service does its work.", ({ healthy }) => healthy],
  ["unit_active", "1 while the service's program runs.", ({ active }) => active],
  [
    "unit_restarts",
    "Times that systemd started the unit again since someone last did.",
    ({ restarts }) => restarts,
  ],
  ["unit_waiting", "1 while the unit waits for a secret.", ({ waitingFor }) => waitingFor.length > 0],
  ["head_block", "Number of the newest block.", ({ headBlock }) => headBlock],
  ["head_age_seconds", "Age of the newest block.", ({ headAgeSeconds }) => headAgeSeconds],
  ["last_irreversible_block", "Number of the last irreversible block.", ({ lib }) => lib],
  ["lib_age_seconds", "Age of the last irreversible block.", ({ libAgeSeconds }) => libAgeSeconds],
  ["peers", "Nodes that nodeos is connected with.", ({ peers }) => peers],
  ["chain_state_free_bytes", "Room left in nodeos' state.", ({ stateFreeBytes }) => stateFreeBytes],
  ["chain_state_size_bytes", "Ceiling of nodeos' state.", ({ stateSizeBytes }) => stateSizeBytes],
  ["producer_paused", "1 while block production is paused.", ({ paused }) => paused],
];

/** The status as Prometheus reads it, and what was measured beside it. */
export function metricsText(status: HostStatus, measured: readonly Metric[] = []): string {
  const { stack, host, role, bundle, lastProvision } = status;
  const metrics: Metric[] = [
    gauge("info", "What this host is; always 1.", [{ labels: { stack, host, role, bundle }, value: 1 }]),
    ...PER_SERVICE.map(([name, help, measure]) =>
      gauge(
        name,
        help,
        status.services.flatMap((service) => sample(service, measure(service))),
      ),
    ),
    gauge(
      "last_provision_timestamp_seconds",
      "End of the last provision.",
      plain(lastProvision && Date.parse(lastProvision.time) / 1000),
    ),
    gauge(
      "last_provision_success",
      "1 if it came to a good end.",
      plain(lastProvision && Number(lastProvision.result === "ok")),
    ),
    ...(status.evm ? evmMetrics(status.evm) : []),
    ...(status.chain ? chainMetrics(status.chain) : []),
    ...safetyMetrics(status.safety),
    ...(status.verification ? verificationMetrics(status.verification) : []),
  ];
  return printMetrics([...metrics, ...measured]);
}

/** Of nodeos' recoveries (docs/recovery.md). */
function chainMetrics({ dirtyStarts, last, tries, stopped }: RecoveryRecord): Metric[] {
  return [
    {
      ...gauge(
        "dirty_restarts_total",
        "Starts that found a state which had to be recovered.",
        plain(dirtyStarts),
      ),
      type: "counter",
    },
    gauge(
      "recovery_running",
      "1 while nodeos is being recovered.",
      plain(Number(tries.at(-1)?.result === "running")),
    ),
    gauge(
      "recovery_stopped",
      "1 while nodeos is not started and waits for a person or for room.",
      plain(Number(stopped !== undefined)),
    ),
    gauge(
      "last_recovery_timestamp_seconds",
      "Begin of the last recovery that succeeded.",
      plain(last && Date.parse(last.begun) / 1000),
    ),
    gauge(
      "last_recovery_seconds",
      "How long it took, by its rung.",
      last ? [{ labels: { rung: last.rung }, value: last.seconds ?? 0 }] : [],
    ),
  ];
}

const NUMBERS: Record<Verdict, number> = { ok: 0, warning: 1, failed: 2 };

/** The worst of the checks of each name, so that an alert needs no more than one rule. */
function verificationMetrics({ checks, disks, memory, time }: Verification): Metric[] {
  const names = [...new Set(checks.map(({ name }) => name))];
  const worst = (name: string) =>
    Math.max(...checks.filter((check) => check.name === name).map(({ verdict }) => NUMBERS[verdict]));
  const perDisk = (value: (disk: DiskStatus) => number | undefined) =>
    disks.flatMap((disk) => plain(value(disk)).map((each) => ({ ...each, labels: { path: disk.path } })));
  return [
    gauge(
      "verification",
      "Worst of the checks: 0 ok, 1 warning, 2 failed.",
      names.map((check) => ({ labels: { check }, value: worst(check) })),
    ),
    gauge("verification_timestamp_seconds", "When it was looked.", plain(Date.parse(time) / 1000)),
    gauge(
      "disk_free_bytes",
      "Room left.",
      perDisk(({ freeBytes }) => freeBytes),
    ),
    gauge(
      "disk_size_bytes",
      "Room in all.",
      perDisk(({ totalBytes }) => totalBytes),
    ),
    gauge(
      "disk_full_timestamp_seconds",
      "When the disk is full if it fills as it did.",
      perDisk(({ fullAt }) => (fullAt === undefined ? undefined : Date.parse(fullAt) / 1000)),
    ),
    gauge("memory_available_bytes", "Memory left.", plain(memory?.availableBytes)),
  ];
}

const sample = ({ name, unit }: ServiceStatus, value: number | boolean | undefined): Metric["samples"] =>
  value === undefined ? [] : [{ labels: { service: name, unit }, value: Number(value) }];

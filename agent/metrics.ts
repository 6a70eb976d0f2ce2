import type { HostStatus, ServiceStatus } from "./status";

interface Metric {
  name: string;
  help: string;
  type: "gauge" | "counter";
  samples: { labels: Record<string, string>; value: number }[];
}

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
  ["producer_paused", "1 while block production is paused.", ({ paused }) => paused],
];

/** The status as Prometheus reads it (text format 0.0.4). Metrics without a value are left out. */
export function metricsText(status: HostStatus): string {
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
  ];
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(print)
    .join("");
}

const gauge = (name: string, help: string, samples: Metric["samples"]): Metric => ({
  name: `nodewright_${name}`,
  help,
  type: "gauge",
  samples,
});

const plain = (value: number | undefined): Metric["samples"] =>
  value === undefined ? [] : [{ labels: {}, value }];

const sample = ({ name, unit }: ServiceStatus, value: number | boolean | undefined): Metric["samples"] =>
  value === undefined ? [] : [{ labels: { service: name, unit }, value: Number(value) }];

const print = ({ name, help, type, samples }: Metric): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels, value }) => `${name}${printLabels(labels)} ${value}`),
    "",
  ].join("\n");

function printLabels(labels: Record<string, string>): string {
  const escaped = (value: string) =>
    value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

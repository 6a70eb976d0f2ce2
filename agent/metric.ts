/** One measured thing, as Prometheus has it. */
export interface Metric {
  /** With the prefix of the project: `nodewright_up`. Base units. */
  name: string;
  help: string;
  type: "gauge" | "counter";
  samples: { labels: Record<string, string>; value: number }[];
}

/** `nodewright_<name>`. */
export const gauge = (name: string, help: string, samples: Metric["samples"]): Metric => ({
  name: `nodewright_${name}`,
  help,
  type: "gauge",
  samples,
});

/** One sample without labels; none where there is no value. */
export const plain = (value: number | undefined): Metric["samples"] =>
  value === undefined ? [] : [{ labels: {}, value }];

/** Prints metrics in Prometheus' text format 0.0.4. Those without a sample are left out. */
export const printMetrics = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .map(print)
    .join("");

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

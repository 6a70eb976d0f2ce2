import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { DATA, defineService, type Remote } from "./service";

const CONFIG = "/etc/nodewright-prometheus/prometheus.yml";
const ALERTS = "/etc/nodewright-prometheus/alerts.yml";
const STORE = `${DATA}/prometheus`;

const settings = z.strictObject({
  port: portSchema
    .default(9090)
    .describe("Port of the web pages and the query API, for admins only. Default 9090."),
  retention: z
    .string()
    .regex(/^\d+[dwy]$/, "is no time to keep: write it like 90d")
    .default("90d")
    .describe("How long samples are kept. Default 90d."),
});

/** Each host's agent, by its name in the plan: a host that is gone keeps its name and shows as down. */
const scrape = (agents: readonly Remote[]) => ({
  job_name: "hosts",
  static_configs: agents.map(({ host, role, name, port }) => ({
    targets: [`${name}:${port}`],
    labels: { host, role },
  })),
});

const alert = (name: string, expr: string, minutes: number, summary: string) => ({
  alert: name,
  expr,
  for: `${minutes}m`,
  annotations: { summary },
});

const rules = {
  groups: [
    {
      name: "hosts",
      rules: [
        alert("HostSilent", 'up{job="hosts"} == 0', 2, "{{ $labels.host }} has not answered for 2 minutes"),
        alert(
          "ServiceDown",
          "nodewright_service_up == 0",
          2,
          "{{ $labels.service }} on {{ $labels.host }} does not do its work",
        ),
      ],
    },
  ],
};

/** Prometheus, from the packages of the operating system: asks every host's agent how it is. */
export const prometheus = defineService({
  name: "prometheus",
  summary: "metrics of all hosts, and alerts",
  settings,
  listeners: ({ port }) => [tcp("metrics", port, "admin")],
  plan: ({ settings: { port, retention }, stack, listeners, elsewhere }) => [
    {
      service: "prometheus",
      unit: "nodewright-prometheus",
      summary: "Prometheus",
      user: "nodewright-prometheus",
      before: ["/usr/bin/promtool", "check", "config", "--syntax-only", CONFIG],
      exec: [
        "/usr/bin/prometheus",
        `--config.file=${CONFIG}`,
        `--storage.tsdb.path=${STORE}`,
        `--storage.tsdb.retention.time=${retention}`,
        `--web.listen-address=:${port}`,
      ],
      reload: [["/bin/kill", "-HUP", "$MAINPID"]],
      programs: [],
      packages: ["prometheus"],
      masked: ["prometheus.service", "prometheus-node-exporter.service"],
      files: [
        {
          path: CONFIG,
          content: {
            format: "yaml",
            value: {
              global: {
                scrape_interval: "15s",
                evaluation_interval: "15s",
                external_labels: { stack },
              },
              rule_files: [ALERTS],
              scrape_configs: [scrape(elsewhere("agent", "agent"))],
            },
          },
        },
        { path: ALERTS, content: { format: "yaml", value: rules } },
      ],
      listeners,
      data: STORE,
      onChange: "reload",
      stop: { timeoutSeconds: 60 },
      health: { kind: "tcp", port },
    },
  ],
});

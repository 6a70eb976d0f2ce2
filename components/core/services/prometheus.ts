import { z } from "zod";
import { alertGroups } from "../alerts";
import { alertRules } from "../alerts/alert";
import { portSchema } from "../config/units";
import { type Listener, tcp } from "../network/listener";
import { DATA, defineService, type Scraped, type ServiceContext } from "./service";

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

const USUAL = "/metrics";
const jobOf = ({ service, path = USUAL }: Scraped): string =>
  path === USUAL ? service : `${service}${path}`;
const pathOf = ({ path = USUAL }: Partial<Scraped> = {}) => (path === USUAL ? {} : { metrics_path: path });

/** A job for each service that tells metrics, and each path where it has several: `proxy` and `proxy/edge`. Hosts are asked by their names: one that is gone keeps its name and shows as down. */
const scrapes = (scraped: readonly Scraped[]) =>
  [...new Set(scraped.map(jobOf))].map((job) => ({
    job_name: job,
    ...pathOf(scraped.find((each) => jobOf(each) === job)),
    static_configs: scraped
      .filter((each) => jobOf(each) === job)
      .map(({ host, role, name, port }) => ({ targets: [`${name}:${port}`], labels: { host, role } })),
  }));

/** Alerts go to the Alertmanager of this host, if it runs one. */
const alerting = (managers: readonly Listener[]) =>
  managers.length === 0
    ? {}
    : {
        alerting: {
          alertmanagers: [{ static_configs: [{ targets: managers.map(({ port }) => `127.0.0.1:${port}`) }] }],
        },
      };

const configuration = ({
  stack,
  host,
  role,
  scraped,
  listenersOf,
  settings: { port },
}: ServiceContext<z.output<typeof settings>>) => {
  const managers = listenersOf("alertmanager");
  const own = [
    { service: "prometheus", port },
    ...managers.map((each) => ({ service: "alertmanager", port: each.port })),
  ];
  return {
    global: { scrape_interval: "15s", evaluation_interval: "15s", external_labels: { stack } },
    rule_files: [ALERTS],
    ...alerting(managers),
    scrape_configs: [
      ...scrapes(scraped),
      ...own.map((each) => ({
        job_name: each.service,
        static_configs: [{ targets: [`127.0.0.1:${each.port}`], labels: { host, role } }],
      })),
    ],
  };
};

/** Prometheus, from the packages of the operating system: asks every host how it is, and tells Alertmanager what is not as it should be. */
export const prometheus = defineService({
  name: "prometheus",
  summary: "metrics of all hosts, and alerts",
  settings,
  listeners: ({ port }) => [tcp("metrics", port, "admin")],
  plan: ({ settings: { port, retention }, ...context }) => [
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
      masked: ["prometheus.service"],
      files: [
        {
          path: CONFIG,
          content: {
            format: "yaml",
            value: configuration({ ...context, settings: { port, retention } }),
          },
        },
        { path: ALERTS, content: { format: "yaml", value: alertRules(alertGroups, context.stackServices) } },
      ],
      listeners: context.listeners,
      data: STORE,
      onChange: "reload",
      stop: { timeoutSeconds: 60 },
      health: { kind: "tcp", port },
    },
  ],
});

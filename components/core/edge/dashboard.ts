import { STEPS_MS } from "./method-counts";
import { METHODS, type Method, type MethodClass } from "./methods";

/** One line of a panel: a query of Prometheus, and what it is called. */
interface Line {
  query: string;
  legend: string;
}

interface Panel {
  title: string;
  /** What one learns from it. */
  description: string;
  /** Grafana's name of the unit. */
  unit: "reqps" | "percentunit" | "short" | "s";
  lines: Line[];
}

const SOURCE = { type: "prometheus", uid: `\${datasource}` };
const HOST = `host=~"$host"`;
const TITLES: Partial<Record<MethodClass, string>> = {
  read: "reads",
  heavy: "heavy reads",
  price: "prices",
  write: "writes",
  local: "answered by the edge where a node cannot",
};

const names = (of: (method: Method) => boolean): string =>
  METHODS.filter(of)
    .map(({ name }) => name)
    .join("|");
const rate = (metric: string, labels = ""): string => `rate(${metric}{${HOST}${labels}}[5m])`;
const share = (part: string, all: string): string => `sum(${part}) / (sum(${all}) > 0)`;

/** Of each class that reaches somebody, its methods by name; batches are counted as one. */
const GROUPS: [title: string, selector: string][] = [
  ...Object.entries(TITLES).map(([kind, title]): [string, string] => [
    title,
    `method=~"${names((method) => method.class === kind)}"`,
  ]),
  ["batches", 'method="batch"'],
  // A stack may open what the catalog denies, and add what it does not know. What WebSockets ask the gateway counts.
  ["anything else", `method!~"batch|${names(({ class: kind }) => kind in TITLES)}"`],
];

const byGroup = (query: (selector: string) => string): Line[] =>
  GROUPS.map(([legend, selector]) => ({ legend, query: query(`,${selector}`) }));

const slowest = (STEPS_MS[1] ?? 0) / 1000;
const costs = [...new Set(METHODS.map(({ cost }) => cost))].filter((cost) => cost > 0).sort((a, b) => a - b);

const PANELS: readonly Panel[] = [
  {
    title: "Requests",
    description: "By the class that the catalog gives a method (docs/methods.md). A batch counts as one.",
    unit: "reqps",
    lines: byGroup((group) => `sum(${rate("nodewright_edge_requests_total", group)})`),
  },
  {
    title: `Answered within ${slowest} s`,
    description: "Share of the answers, by class. Heavy reads may well be slower.",
    unit: "percentunit",
    lines: byGroup((group) =>
      share(
        rate("nodewright_edge_answer_seconds_bucket", `${group},le="${slowest}"`),
        rate("nodewright_edge_answer_seconds_count", group),
      ),
    ),
  },
  {
    title: "Dearest methods",
    description:
      "Units of clients' limits that the ten dearest methods take in a second, by the catalog's costs.",
    unit: "short",
    lines: costs.map((cost) => ({
      legend: `{{method}}, ${cost} each`,
      query: `topk(10, ${cost} * sum by (method) (${rate(
        "nodewright_edge_requests_total",
        `,method=~"${names((method) => method.cost === cost && method.class !== "denied")}"`,
      )}) > 0)`,
    })),
  },
  {
    title: "Refused and failed",
    description:
      "Refused: over a limit (429). Failed: errors of ours (5xx), which the alert EdgeErrors is about.",
    unit: "reqps",
    lines: ["refused", "failed"].map((what) => ({
      legend: `${what}: {{method}}`,
      query: `topk(10, sum by (method) (${rate(`nodewright_edge_${what}_total`)}))`,
    })),
  },
  {
    title: "Nodes in service",
    description: "As HAProxy sees them, and whether all are behind the chain, so that the freshest serve on.",
    unit: "short",
    lines: [
      {
        legend: "{{host}}: in service",
        query: `sum by (host) (haproxy_server_status{${HOST},proxy="reads",state="UP"})`,
      },
      { legend: "{{host}}: all behind", query: `nodewright_edge_degraded{${HOST}}` },
    ],
  },
  {
    title: "Blocks behind the freshest node",
    description: "A node is left alone two blocks before services.proxy.health.behind.",
    unit: "short",
    lines: [
      {
        legend: "{{host}}: {{node}}",
        query: `scalar(max(nodewright_edge_node_block{${HOST}})) - nodewright_edge_node_block{${HOST}}`,
      },
    ],
  },
  {
    title: "Asked again of another node",
    description: "Reads whose node failed, broke off or took too long: clients did not see it.",
    unit: "reqps",
    lines: [
      {
        legend: "{{host}}",
        query: `sum by (host) (${rate("haproxy_backend_redispatch_warnings_total", ',proxy="reads"')})`,
      },
    ],
  },
  {
    title: "What the gateway reads",
    description: "Bodies that HAProxy does not pass on by itself, which cost several times as much.",
    unit: "reqps",
    lines: [
      { legend: "{{kind}}", query: `sum by (kind) (${rate("nodewright_edge_bodies_total")})` },
      { legend: "calls: {{class}}", query: `sum by (class) (${rate("nodewright_edge_calls_total")})` },
    ],
  },
];

const [WIDTH, HEIGHT, COLUMNS] = [12, 9, 2];

const panel = ({ title, description, unit, lines }: Panel, index: number) => ({
  id: index + 1,
  type: "timeseries",
  ...{ title, description, datasource: SOURCE },
  gridPos: { h: HEIGHT, w: WIDTH, x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT },
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  targets: lines.map(({ query, legend }, line) => ({
    ...{ refId: String.fromCharCode(65 + line), datasource: SOURCE, expr: query, legendFormat: legend },
  })),
});

/** A dashboard of Grafana (its JSON model, schema 39) over the stack's Prometheus: docs/dashboards/edge.json. */
export const edgeDashboard = () => ({
  uid: "nodewright-edge",
  title: "Public endpoint",
  tags: ["nodewright"],
  schemaVersion: 39,
  time: { from: "now-6h", to: "now" },
  refresh: "30s",
  templating: {
    list: [
      { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" },
      {
        ...{ name: "host", label: "Host", type: "query", datasource: SOURCE },
        query: { query: "label_values(nodewright_edge_degraded, host)", refId: "host" },
        ...{ includeAll: true, multi: true, refresh: 2, allValue: ".*" },
      },
    ],
  },
  panels: PANELS.map(panel),
});

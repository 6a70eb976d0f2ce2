import type { HaproxySection } from "../services/service";
import { allowance, hasKeys, keyRules, keyTable, spender } from "./api-keys";
import type { EdgePlan } from "./edge-plan";
import { BY_GATEWAY, refuse } from "./haproxy-answer";
import { methodCounts } from "./method-counts";
import { bindWords, memberChallenges } from "./tls";

/** What the gateway learns of the process that a request came through. */
export const WORKER_HEADER = "x-edge-worker";

/** Of all headers together; a node's clients send some hundreds. */
const HEADER_BYTES = 8192;

/**
 * A body up to here lies in the buffer with its headers, and to its end: HAProxy waits for that. Of a longer one it may see
 * a beginning alone, which says nothing of the rest, so the gateway reads it.
 */
const WHOLE_BYTES = 20 * 1024;

/** How much of a single call is looked at for the name of its method, for its cost and the log alone. */
const NAME_WITHIN = 512;

/** A batch is paid for by its bytes, in steps: HAProxy cannot count its calls. The shortest real call has about as many. */
const BYTES_PER_UNIT = 80;

export const WINDOW_SECONDS = 10;

const rule = (...words: string[]): string[] => ["http-request", ...words];

/** Clients are told apart by address, those of IPv6 by their network: anyone has 2^64 addresses of one. */
const CLIENT = "src,ipmask(32,64)";

/** Counts of calls by cost: three counters, since one can only be raised by one (2.6). */
const SPENT = `gpc(3),gpc_rate(3,${WINDOW_SECONDS}s)`;
export const clientTables = (plan: EdgePlan): HaproxySection[] => [
  {
    kind: "backend",
    name: "clients",
    lines: [["stick-table", "type", "ipv6", "size", "100k", "expire", "60s", "store", SPENT]],
  },
  ...keyTable(plan, SPENT),
  {
    kind: "backend",
    name: "connections",
    lines: [["stick-table", "type", "ipv6", "size", "100k", "expire", "60s", "store", "conn_cur"]],
  },
];

const spend = (counter: number, ...when: string[]): string[] => rule(`sc-inc-gpc(${counter},1)`, ...when);

/** By 5 up to the first 12.5 units, then by 25: right to half a step, with a fifth of the rules that steps of 5 take. */
const batchCost = (calls: number): string[][] => {
  const first = 12.5;
  const bytes = (units: number): string => String(units * BYTES_PER_UNIT);
  const when = (...length: string[]) => ["if", "batch", "{", "req.body_size", ...length, "}"];
  return [
    ...[5, 10].map((units) => spend(1, ...when(`${bytes(units)}:${bytes(first)}`))),
    ...Array.from({ length: Math.ceil(calls / 25) }, (_, step) =>
      spend(2, ...when("gt", bytes(step * 25 + first))),
    ),
  ];
};

/** What a client has spent of late, and the refusal when that is too much. */
const limits = (plan: EdgePlan): string[][] => [
  rule("set-var(txn.method)", "var(txn.start),json_query('$.method')"),
  rule("set-var(txn.cost)", `var(txn.method),map_str_int(${plan.folder}/costs.map,0)`),
  // A name that is in no list is the client's own text, and does not belong into a log.
  rule("set-var(txn.method)", "str(-)", "if", "{", "var(txn.cost)", "-m", "int", "0", "}"),
  rule("set-var(txn.cost)", "int(5)", "if", "{", "var(txn.cost)", "-m", "int", "0", "}"),
  spend(0, "if", "{", "var(txn.cost)", "-m", "int", "1", "}"),
  spend(1, "if", "{", "var(txn.cost)", "-m", "int", "5", "}"),
  spend(2, "if", "{", "var(txn.cost)", "-m", "int", "25", "}"),
  ...batchCost(plan.limits.batch),
  rule("set-var(txn.spent)", "sc_gpc_rate(1,1),mul(5)"),
  rule("set-var(txn.most)", "sc_gpc_rate(2,1),mul(25),add(txn.spent)"),
  rule("set-var(txn.spent)", "sc_gpc_rate(0,1),add(txn.most)"),
  ...allowance(plan, WINDOW_SECONDS),
  ["acl", "spent", "var(txn.cap),sub(txn.spent)", "-m", "int", "lt", "0"],
  ...methodCounts(plan, ["if", "spent"]),
  rule(...refuse(429, -32005, "too many requests", 1), "if", "spent"),
];

/** Which connections are let in. Only a balancer that the stack names may say another address than that of its connection. */
export const admission = ({ behind, limits: { connectionsPerClient } }: EdgePlan): string[][] => {
  const from = behind ? ["if", "{", "src", ...behind.addresses, "}"] : [];
  return [
    ...(behind?.by === "proxy-protocol"
      ? [["tcp-request", "connection", "expect-proxy", "layer4", ...from]]
      : []),
    ["tcp-request", "session", "track-sc0", CLIENT, "table", "connections"],
    [
      ...[
        "tcp-request",
        "session",
        "reject",
        "if",
        "{",
        "sc0_conn_cur",
        "gt",
        String(connectionsPerClient),
        "}",
      ],
      ...(behind?.by === "x-forwarded-for" ? ["!{", "src", ...behind.addresses, "}"] : []),
    ],
    ...(behind?.by === "x-forwarded-for"
      ? [rule("set-src", `req.hdr_ip(x-forwarded-for,-${behind.word ?? 1})`, ...from)]
      : []),
  ];
};

/** Log of one request: no parameters, no keys, and of the method only a name that the catalog knows. */
const logFormat = (isKeyed: boolean): string =>
  [
    '{"time":"%[date,ltime(%FT%T%z)]"',
    '"client":"%[src]"',
    ...(isKeyed ? ['"key":"%[var(txn.key)]"'] : []),
    '"method":"%[var(txn.method)]"',
    '"status":%ST',
    '"ms":%Ta',
    '"backend":"%b"',
    '"server":"%s"',
    '"bytes":%B',
    '"retries":"%rc"',
    '"end":"%ts"}',
  ].join(",");

const PREFLIGHT = [
  ["access-control-allow-methods", "POST, GET, OPTIONS"],
  ["access-control-allow-headers", "content-type, x-api-key"],
  ["access-control-max-age", "86400"],
];

/** A host too busy for its own checks must not turn every client away: then whoever answers will do. */
const NO_NODE = "none-up";
const noNode = ["acl", NO_NODE, "nbsrv(reads)", "eq", "0"];

/** What is no request that any node should see, and what browsers ask before they send one. */
const decency = (bodyBytes: number): string[][] => [
  rule(
    ...refuse(431, -32600, "headers too large"),
    "if",
    "{",
    "req.hdrs,length",
    "gt",
    String(HEADER_BYTES),
    "}",
  ),
  // Set over one from a node: two of them are refused by browsers. What they ask before needs no answer's time.
  ["http-after-response", "set-header", "access-control-allow-origin", "*"],
  rule("return", "status", "204", ...PREFLIGHT.flatMap((header) => ["hdr", ...header]), "if", "METH_OPTIONS"),
  rule(...refuse(405, -32600, "send JSON-RPC by POST"), "unless", "METH_POST", "||", "METH_GET"),
  rule(
    ...refuse(413, -32600, `request is over ${bodyBytes} bytes`),
    "if",
    "{",
    "req.body_size",
    "gt",
    String(bodyBytes),
    "}",
  ),
  // Only a GET may become a WebSocket: a node that takes a POST for one would be talked to past every rule.
  rule("del-header", "upgrade", "if", "METH_POST"),
];

const routes = (plan: EdgePlan): string[][] => [
  // Each look at the body copies all of it: there is this one, and that of the pattern below.
  rule("set-var(txn.start)", `req.body,bytes(0,${NAME_WITHIN})`),
  rule(
    ...["set-var(txn.batch)", "int(1)", "if", "{", "var(txn.start),bytes(0,16)", "-m", "reg"],
    ...[String.raw`^\s*\[`, "}"],
  ),
  ["acl", "batch", "var(txn.batch)", "-m", "found"],
  ...limits(plan),
  // By which of HAProxy's processes a WebSocket came: at a reload the gateway ends those of the old one.
  rule("set-header", WORKER_HEADER, "%pid", "if", "METH_GET"),
  [
    ...["use_backend", "gateway", "if", "METH_GET", "||", "{", "query", BY_GATEWAY, "}"],
    ...["||", "{", "req.body_len", "gt", String(WHOLE_BYTES), "}"],
  ],
  rule(
    "set-var(txn.native)",
    "int(1)",
    "if",
    "{",
    "req.body",
    "-m",
    "reg",
    "-f",
    `${plan.folder}/reads.lst`,
    "}",
  ),
  ["acl", "native", "var(txn.native)", "-m", "found"],
  ["use_backend", "anyone", "if", "native", NO_NODE],
  ["use_backend", "reads", "if", "native"],
  [
    ...["use_backend", "prices", "if", "{", "req.body_len", "lt", "1024", "}"],
    ...["{", "req.body", "-m", "reg", "-f", `${plan.folder}/prices.lst`, "}"],
  ],
  ["default_backend", "gateway"],
];

/** The public endpoint: reads go straight to a node, all else to the gateway. */
export function publicFrontend(plan: EdgePlan): HaproxySection {
  return {
    kind: "frontend",
    name: "rpc",
    lines: [
      ["bind", `:::${plan.port}`, "v4v6", ...bindWords(plan)],
      ["log-format", logFormat(hasKeys(plan))],
      ["option", "http-buffer-request"],
      ...admission(plan),
      noNode,
      ...decency(plan.limits.bodyBytes),
      ...keyRules(plan),
      ...spender(plan, ["track-sc1", CLIENT, "table", "clients"]),
      ...routes(plan),
    ],
  };
}

/** What the others of a group send here: reads alone, to this host's own processes, so that none goes in a circle. */
export const membersFrontend = (plan: EdgePlan, port: number): HaproxySection => ({
  kind: "frontend",
  name: "members",
  lines: [
    ["bind", `:::${port}`, "v4v6"],
    ["option", "http-buffer-request"],
    ...memberChallenges(plan),
    ["default_backend", "own"],
  ],
});

/** What the gateway itself asks beside clients' calls. */
export const insideFrontend = (port: number): HaproxySection => ({
  kind: "frontend",
  name: "inside",
  lines: [
    ["bind", `127.0.0.1:${port}`],
    ["option", "dontlog-normal"],
    ["option", "http-buffer-request"],
    noNode,
    ["acl", "price", "path", "/price"],
    rule("set-var(txn.path)", "path"),
    ["use_backend", "anyone", "if", "!price", NO_NODE],
    ["use_backend", "prices", "if", "price"],
    ["default_backend", "reads"],
  ],
});

/** For Prometheus: HAProxy's own figures, and the gateway's. */
export const metricsFrontend = (port: number): HaproxySection => ({
  kind: "frontend",
  name: "metrics",
  lines: [
    ["bind", `:::${port}`, "v4v6"],
    ["option", "dontlog-normal"],
    rule("use-service", "prometheus-exporter", "if", "{", "path", "/metrics", "}"),
    rule("return", "status", "404", "unless", "{", "path", "/edge", "}"),
    rule("set-path", "/metrics"),
    ["default_backend", "gateway"],
  ],
});

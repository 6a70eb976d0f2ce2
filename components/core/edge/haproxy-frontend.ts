import type { HaproxySection } from "../services/service";
import { hasKeys, keyRules, spender, unitPrice } from "./api-keys";
import type { EdgePlan } from "./edge-plan";
import { BY_GATEWAY, refuse } from "./haproxy-answer";
import { rule } from "./haproxy-rule";
import { methodsOf } from "./methods";
import { nativePrices } from "./native-calls";
import { spending } from "./spending";
import { suppose } from "./supposed-call";
import { bindWords, memberChallenges } from "./tls";

/**
 * What the gateway learns of a WebSocket, in words: the process of HAProxy that it came by, what a unit takes of its client's
 * time in microseconds, the client's address, and who owns its key, if it brought one.
 */
export const SOCKET_HEADER = "x-edge-socket";

/**
 * As much of the body lies in the buffer as it says that it has: HAProxy waits for that. Of a longer one it may see a
 * beginning alone, which says nothing of the rest, and one in chunks says nothing of its length: those the gateway reads.
 */
const IS_WHOLE = ["{", "req.hdr(content-length),sub(txn.length)", "-m", "int", "0", "}"];

/** Clients are told apart by address, those of IPv6 by their network: anyone has 2^64 addresses of one. */
const CLIENT = "src,ipmask(32,64)";

export const connectionTable: HaproxySection = {
  kind: "backend",
  name: "connections",
  lines: [["stick-table", "type", "ipv6", "size", "100k", "expire", "60s", "store", "conn_cur"]],
};

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

/**
 * Log of one request: when its answer was there, in ms since 1970, what it was and what came of it. No parameters, no keys,
 * and of the method only a name that the catalog knows.
 */
const logFormat = (isKeyed: boolean): string =>
  [
    '{"time":%[date(0,ms)]',
    '"client":"%ci"',
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

const look = ({ folder }: EdgePlan): string[][] => [
  rule("set-var(txn.at)", "date(0,us)"),
  rule("set-var(txn.length)", "req.body_len"),
  rule("set-var(txn.method)", `req.body,map_regm(${folder}/reads.map)`, "if", "METH_POST", ...IS_WHOLE),
  rule("set-var(txn.native)", `var(txn.method),map_str_int(${folder}/costs.map)`),
  // Where HAProxy knows all of a body this is what it costs.
  ["acl", "native", "var(txn.native)", "-m", "found"],
  rule("set-var(txn.units)", "var(txn.native)"),
  rule("set-var(txn.method)", "str(batch)", "if", "{", "var(txn.method)", "-m", "beg", "[", "}"),
];

const cameBy = (plan: EdgePlan): string => {
  const { price } = unitPrice(plan);
  return hasKeys(plan) ? `%pid %[var(${price})] %[${CLIENT}] %[var(txn.key)]` : `%pid ${price} %[${CLIENT}]`;
};

/** What HAProxy knows all of goes to nodes; of anything else it supposes what it may cost. */
const routes = (plan: EdgePlan): string[][] => {
  const prices = nativePrices(methodsOf(plan.methods));
  return [
    ...look(plan),
    ...suppose(plan),
    ...spending(plan),
    // At a reload the gateway ends WebSockets of the old process; what is asked over one the gateway alone can count.
    rule("set-header", SOCKET_HEADER, cameBy(plan), "if", "METH_GET"),
    ["use_backend", "gateway", "if", "!native", "||", "{", "query", BY_GATEWAY, "}"],
    ...(prices.length > 0
      ? [["use_backend", "prices", "if", "{", "var(txn.method)", "-m", "str", ...prices, "}"]]
      : []),
    ["use_backend", "anyone", "if", NO_NODE],
    ["default_backend", "reads"],
  ];
};

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

import { z } from "zod";
import { portSchema } from "../config/units";
import { type Listener, tcp } from "../network/listener";
import { defineService, type HaproxySection } from "./service";
import { WRITE_METHODS } from "./write-methods";

const CONFIG = "/etc/proxy/haproxy.cfg";
const SECONDS_TO_DRAIN = 30;

/** HAProxy sees only what its buffer holds of a body; a call that does not fit is refused, never misrouted. */
const BODY_LIMIT = 256 * 1024;
const BUFFER_RESERVE = 8 * 1024;

const settings = z.strictObject({
  port: portSchema
    .default(80)
    .describe(
      "Plain HTTP. Default 80. TLS is not served yet: put a terminating load balancer in front of a public endpoint.",
    ),
  maxConnections: z
    .number()
    .int()
    .min(16)
    .max(65536)
    .default(512)
    .describe("Connections at once, each may hold one body in memory. Default 512."),
});

const JSON_TYPE = ["content-type", "application/json"];
const rpcError = (code: number, message: string) =>
  JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });
const answer = (status: number, code: number, message: string) => [
  ...["return", "status", String(status), ...JSON_TYPE],
  ...["string", rpcError(code, message)],
];

const global = (maxConnections: number): HaproxySection => ({
  kind: "global",
  lines: [
    ["log", "stdout", "format", "raw", "local0", "info"],
    ["maxconn", String(maxConnections)],
    ["tune.bufsize", String(BODY_LIMIT + BUFFER_RESERVE)],
    ["hard-stop-after", `${SECONDS_TO_DRAIN}s`],
  ],
});

const defaults: HaproxySection = {
  kind: "defaults",
  lines: [
    ["mode", "http"],
    ["log", "global"],
    ["option", "httplog"],
    ["option", "dontlognull"],
    ["timeout", "connect", "2s"],
    ["timeout", "client", "30s"],
    ["timeout", "server", "30s"],
    ["timeout", "http-request", "5s"],
    ["timeout", "http-keep-alive", "60s"],
    // Errors of the proxy's own are JSON-RPC too: a client's parser must not meet HTML.
    ...[
      [502, "upstream gave no valid answer"],
      [503, "no upstream is ready"],
      [504, "upstream did not answer in time"],
    ].map(([status, message]) => [
      ...["http-error", "status", String(status), ...JSON_TYPE],
      ...["string", rpcError(-32603, String(message))],
    ]),
  ],
};

const frontend = (port: number): HaproxySection => ({
  kind: "frontend",
  name: "rpc",
  lines: [
    ["bind", `:::${port}`, "v4v6"],
    ["option", "http-buffer-request"],
    ["http-request", ...answer(200, -32600, "send JSON-RPC by POST"), "if", "METH_GET"],
    ["http-request", ...answer(405, -32600, "send JSON-RPC by POST"), "unless", "METH_POST"],
    [
      "http-request",
      ...answer(413, -32600, `request is over ${BODY_LIMIT} bytes`),
      "if",
      "{",
      "req.body_size",
      "gt",
      String(BODY_LIMIT),
      "}",
    ],
    ["http-request", "set-var(txn.method)", "req.body,json_query('$.method')"],
    ["use_backend", "writes", "if", "{", "var(txn.method)", "-m", "str", ...WRITE_METHODS, "}"],
    ["default_backend", "reads"],
  ],
});

const PROBE = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });

const reads = (servers: readonly Listener[]): HaproxySection => ({
  kind: "backend",
  name: "reads",
  lines: [
    ["balance", "leastconn"],
    ["option", "httpchk"],
    [
      "http-check",
      "send",
      "meth",
      "POST",
      "uri",
      "/",
      "ver",
      "HTTP/1.1",
      "hdr",
      "host",
      "localhost",
      "hdr",
      ...JSON_TYPE,
      "body",
      PROBE,
    ],
    ["http-check", "expect", "rstring", '"result"'],
    ["default-server", "check", "inter", "1s", "fall", "2", "rise", "1"],
    ...servers.map(({ name, port }) => ["server", name, `127.0.0.1:${port}`]),
  ],
});

const writes = (servers: readonly Listener[]): HaproxySection => ({
  kind: "backend",
  name: "writes",
  lines: [
    // A connection that could not be made is safe to try again; a request that was sent is never repeated.
    ["retry-on", "conn-failure"],
    ...servers.map(({ name, port }) => ["server", name, `127.0.0.1:${port}`, "check", "inter", "1s"]),
  ],
});

/** The public JSON-RPC endpoint: HAProxy sends writes to the wrapper and all else to the read-only nodes. */
export const proxy = defineService({
  name: "proxy",
  summary: "public JSON-RPC endpoint (HAProxy)",
  settings,
  listeners: ({ port }) => [tcp("rpc", port, "public")],
  plan: ({ settings: { port, maxConnections }, listenersOf }) => [
    {
      service: "proxy",
      unit: "proxy",
      summary: "JSON-RPC proxy",
      user: "haproxy",
      before: ["/usr/sbin/haproxy", "-c", "-q", "-f", CONFIG],
      exec: ["/usr/sbin/haproxy", "-Ws", "-f", CONFIG],
      reload: [
        ["/usr/sbin/haproxy", "-c", "-q", "-f", CONFIG],
        ["/bin/kill", "-USR2", "$MAINPID"],
      ],
      readiness: "notify",
      programs: [],
      packages: ["haproxy"],
      masked: ["haproxy.service"],
      files: [
        {
          path: CONFIG,
          content: {
            format: "haproxy",
            sections: [
              global(maxConnections),
              defaults,
              frontend(port),
              reads(listenersOf("evm-rpc")),
              writes(listenersOf("tx-wrapper")),
            ],
          },
        },
      ],
      listeners: [tcp("rpc", port, "public")],
      onChange: "reload",
      stop: { timeoutSeconds: SECONDS_TO_DRAIN + 10 },
      capabilities: ["CAP_NET_BIND_SERVICE"],
      health: { kind: "json-rpc", url: `http://127.0.0.1:${port}` },
    },
  ],
});

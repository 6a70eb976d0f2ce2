import { z } from "zod";
import { portSchema } from "../config/units";
import { type Listener, tcp } from "../network/listener";
import { defineService, type HaproxySection, type Remote, type ServiceContext } from "./service";
import { WRITE_METHODS } from "./write-methods";

const CONFIG = "/etc/proxy/haproxy.cfg";
const SECONDS_TO_DRAIN = 30;

/** HAProxy sees only what its buffer holds of a body; a call that does not fit is refused, never misrouted. */
const BODY_LIMIT = 256 * 1024;
const BUFFER_RESERVE = 8 * 1024;

const settings = z.strictObject({
  memberPort: portSchema
    .default(8546)
    .describe("Where a host of a group without a cloud's balancer answers the others of it. Default 8546."),
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

/** What the others of a group send here: reads alone, to this host's own processes, so that none goes in a circle. */
const members = (port: number): HaproxySection => ({
  kind: "frontend",
  name: "members",
  lines: [
    ["bind", `:::${port}`, "v4v6"],
    ["default_backend", "own"],
  ],
});

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

/** A server of a backend: a name for HAProxy and where it listens. */
interface Upstream {
  name: string;
  host: string;
  port: number;
}

/** No host has a dot in its name: a process of this host, rpc-1, may stand beside a host rpc-1 in one backend, which HAProxy refuses by the same name. */
const local = ({ name, port }: Listener): Upstream => ({ name: `own.${name}`, host: "127.0.0.1", port });
const remote = ({ host, name, port }: Remote): Upstream => ({ name: host, host: name, port });

/**
 * A host of the stack that is not there yet must not keep HAProxy from starting; its name is asked for again and again.
 */
const address = ({ host, port }: Upstream): string[] => [
  `${host}:${port}`,
  ...(host === "127.0.0.1" ? [] : ["init-addr", "last,libc,none", "resolvers", "system"]),
];

/** The name servers of /etc/resolv.conf. */
const resolvers: HaproxySection = { kind: "resolvers", name: "system", lines: [["parse-resolv-conf"]] };

const reads = (name: string, servers: readonly Upstream[]): HaproxySection => ({
  kind: "backend",
  name,
  lines: [
    ["balance", "leastconn"],
    // A read may be asked again: a process that has just gone is not noticed by its check for up to two seconds.
    ["option", "redispatch", "1"],
    ["retry-on", "conn-failure", "empty-response"],
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
    ...servers.map((server) => ["server", server.name, ...address(server)]),
  ],
});

const writes = (servers: readonly Upstream[]): HaproxySection => ({
  kind: "backend",
  name: "writes",
  lines: [
    ...(servers.length === 0 ? [["http-request", ...answer(200, -32601, NO_WRITES)]] : []),
    // A connection that could not be made is safe to try again; a request that was sent is never repeated.
    ["retry-on", "conn-failure"],
    ...servers.map((server) => ["server", server.name, ...address(server), "check", "inter", "1s"]),
  ],
});

const NO_WRITES = "this endpoint answers reads only";

function sections(context: ServiceContext<z.output<typeof settings>>): HaproxySection[] {
  const { settings: own, place, listenersOf, elsewhere, group } = context;
  const rpc = listenersOf("evm-rpc").map(local);
  const wrappers = listenersOf("tx-wrapper").map(local);
  const others = place.shares
    ? elsewhere("proxy", "members")
        .filter((each) => each.group === group)
        .map(remote)
    : [];
  const writers = wrappers.length > 0 ? wrappers : elsewhere("tx-wrapper", "wrapper").map(remote);
  const isAlone = [...others, ...writers].every(({ host }) => host === "127.0.0.1");
  return [
    global(own.maxConnections),
    defaults,
    ...(isAlone ? [] : [resolvers]),
    frontend(own.port),
    ...(place.shares ? [members(own.memberPort), reads("own", rpc)] : []),
    reads("reads", [...rpc, ...others]),
    writes(writers),
  ];
}

/**
 * The public JSON-RPC endpoint: HAProxy sends writes to the wrapper and all else to the read-only nodes, also those of
 * the other hosts of its group where no cloud balances between them.
 */
export const proxy = defineService({
  name: "proxy",
  summary: "public JSON-RPC endpoint (HAProxy)",
  settings,
  onEvm: true,
  listeners: ({ port, memberPort }, { shares }) => [
    tcp("rpc", port, "public"),
    ...(shares ? [tcp("members", memberPort, "cluster")] : []),
  ],
  plan: (context) => [
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
      files: [{ path: CONFIG, content: { format: "haproxy", sections: sections(context) } }],
      listeners: context.listeners,
      onChange: "reload",
      stop: { timeoutSeconds: SECONDS_TO_DRAIN + 10 },
      capabilities: ["CAP_NET_BIND_SERVICE"],
      health: { kind: "json-rpc", url: `http://127.0.0.1:${context.settings.port}` },
    },
  ],
});

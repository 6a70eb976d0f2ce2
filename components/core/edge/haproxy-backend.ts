import type { HaproxySection } from "../services/service";
import type { EdgePlan, Upstream } from "./edge-plan";
import { notGarbage } from "./haproxy-answer";
import { settling } from "./spending";

const PROBE = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
const isLocal = ({ host }: Upstream): boolean => host === "127.0.0.1";

/** A host of the stack that is not there yet must not keep HAProxy from starting; its name is asked for again and again. */
const address = (server: Upstream): string[] => [
  `${server.host}:${server.port}`,
  ...(isLocal(server) ? [] : ["init-addr", "last,libc,none", "resolvers", "system"]),
];

/** The name servers of /etc/resolv.conf. */
const resolvers: HaproxySection = { kind: "resolvers", name: "system", lines: [["parse-resolv-conf"]] };

/** A read may be asked again, of another node: what failed, broke off or took too long did not change anything. */
const RETRY_READS = [
  ["retries", "2"],
  ["option", "redispatch", "1"],
  [
    ...["retry-on", "conn-failure", "empty-response", "response-timeout", "junk-response"],
    ...["500", "502", "503", "504"],
  ],
];

const CHECK = [
  ["option", "httpchk"],
  [
    ...["http-check", "send", "meth", "POST", "uri", "/", "ver", "HTTP/1.1", "hdr", "host", "localhost"],
    ...["hdr", "content-type", "application/json", "body", PROBE],
  ],
  ["http-check", "expect", "rstring", '"result"'],
  ["timeout", "check", "700ms"],
];

/** Twice in half a second: a node that is gone is left alone within two seconds. */
const RHYTHM = ["check", "inter", "500ms", "fall", "2", "rise", "2"];

/** What HAProxy cannot see, how old and how far a node's head is, the gateway says. */
const judged = ({ agentPort }: EdgePlan, { name }: Upstream): string[] => [
  ...["agent-check", "agent-addr", "127.0.0.1", "agent-port", String(agentPort)],
  ...["agent-inter", "500ms", "agent-send", `${name};`],
];

const reads = (plan: EdgePlan, name: string, servers: readonly Upstream[]): HaproxySection => ({
  kind: "backend",
  name,
  lines: [
    ["balance", "leastconn"],
    ["timeout", "server", `${plan.timeouts.read}s`],
    ...RETRY_READS,
    ...CHECK,
    // The others of a group look at answers themselves.
    ...(name === "reads" ? notGarbage : []),
    ["http-request", "set-path", "/", "if", "{", "var(txn.path)", "-m", "found", "}"],
    ["default-server", ...RHYTHM],
    ...servers.map((server) => [
      "server",
      server.name,
      ...address(server),
      ...(name === "reads" ? judged(plan, server) : []),
    ]),
  ],
});

/**
 * The same nodes, unasked: for the moment in which every one of them fails its checks. Another host that has no node to ask
 * says so with 503; the next one then has its turn, this host's own among them.
 */
const anyone = (plan: EdgePlan): HaproxySection => ({
  kind: "backend",
  name: "anyone",
  lines: [
    ["balance", "leastconn"],
    ["retries", "2"],
    ["option", "redispatch", "1"],
    ["retry-on", "conn-failure", "empty-response", "502", "503"],
    ["http-request", "set-path", "/", "if", "{", "var(txn.path)", "-m", "found", "}"],
    ...plan.nodes.map((server) => ["server", server.name, ...address(server)]),
  ],
});

/** The wrappers know the price they ask for; where the stack has none, a node's answer is the best there is. */
const prices = (plan: EdgePlan): HaproxySection => ({
  kind: "backend",
  name: "prices",
  lines: [
    ["timeout", "server", `${plan.timeouts.read}s`],
    ...RETRY_READS,
    ["http-request", "set-path", "/", "if", "{", "var(txn.path)", "-m", "found", "}"],
    ...(plan.writers.length > 0
      ? plan.writers.map((server) => ["server", server.name, ...address(server), "check", "inter", "1s"])
      : plan.nodes.map((server) => [
          "server",
          server.name,
          ...address(server),
          "track",
          `reads/${server.name}`,
        ])),
  ],
});

/** Calls wait for a gateway that starts anew, and are never sent twice. */
const gateway = (plan: EdgePlan): HaproxySection => ({
  kind: "backend",
  name: "gateway",
  lines: [
    ["timeout", "server", `${Math.max(plan.timeouts.heavy, plan.timeouts.write) + 10}s`],
    ["timeout", "tunnel", "1h"],
    ["retries", "20"],
    ["retry-on", "conn-failure"],
    ...settling(plan),
    // Passed on as it is it would leave the connection to the client who is slow.
    ["http-response", "deny", "deny_status", "408", "if", "{", "status", "408", "}"],
    ["server", "gateway", `127.0.0.1:${plan.gatewayPort}`],
  ],
});

export function backends(plan: EdgePlan): HaproxySection[] {
  const isAlone = [...plan.nodes, ...plan.writers].every(isLocal);
  return [
    ...(isAlone ? [] : [resolvers]),
    reads(plan, "reads", plan.nodes),
    anyone(plan),
    prices(plan),
    gateway(plan),
    ...(plan.memberPort === undefined ? [] : [reads(plan, "own", plan.ownNodes)]),
  ];
}

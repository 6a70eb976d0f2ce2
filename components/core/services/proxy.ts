import type { z } from "zod";
import type { EdgePlan, Upstream } from "../edge/edge-plan";
import { haproxyFiles, SECONDS_TO_DRAIN } from "../edge/haproxy-config";
import { type Listener, tcp } from "../network/listener";
import { certificateKeeper, edgeTls, endsTls, PROXY_STATE, placeholder } from "./proxy-certificate";
import { proxySettings } from "./proxy-settings";
import { defineService, PROGRAMS, type Remote, type ServiceContext, type ServicePlan } from "./service";

const FOLDER = "/etc/proxy";
const CONFIG = `${FOLDER}/haproxy.cfg`;
/** Unit and user of the gateway. */
const GATEWAY = "nodewright-edge";
const GATEWAY_CONFIG = "/etc/nodewright-edge/edge.json";

/** By how much a connection outlives a balancer's use of it: the other way round a request may meet one that just closes. */
const LATER_SECONDS = 30;

type Context = ServiceContext<z.output<typeof proxySettings>>;

/** No host has a dot in its name: a process of this host, rpc-1, may stand beside a host rpc-1 in one backend, which HAProxy refuses by the same name. */
const local = ({ name, port }: Listener): Upstream => ({ name: `own.${name}`, host: "127.0.0.1", port });
const remote = ({ host, name, port }: Remote): Upstream => ({ name: host, host: name, port });

const portOf = (listeners: readonly Listener[], name: string): number | undefined =>
  listeners.find((listener) => listener.name === name)?.port;

function edgePlan(context: Context): EdgePlan {
  const { settings, place, listenersOf, elsewhere, group, listeners, balancer } = context;
  const own = listenersOf("evm-rpc").map(local);
  const wrappers = listenersOf("tx-wrapper").map(local);
  const others = place.shares ? elsewhere("proxy", "members").filter((each) => each.group === group) : [];
  const { limits, timeouts, methods, port, maxConnections } = settings;
  const behind = balancer
    ? { addresses: balancer.addresses, by: "x-forwarded-for" as const, word: balancer.clientWord }
    : settings.behind;
  const { gatewayPort, agentPort, insidePort, metricsPort, keys, tiers, anonymous } = settings;
  const tls = edgeTls(context, others.map(remote));
  return {
    ...{ port: tls ? settings.tlsPort : port, gatewayPort, agentPort, insidePort, metricsPort },
    ...{ limits, timeouts, methods, behind, maxConnections },
    apiKeys: { keys, tiers, anonymous },
    ...(balancer ? { keepAlive: balancer.idleSeconds + LATER_SECONDS } : {}),
    ...(tls ? { tls } : {}),
    state: { folder: PROXY_STATE, readers: GATEWAY },
    memberPort: portOf(listeners, "members"),
    ownNodes: own,
    nodes: [...own, ...others.map(remote)],
    writers: wrappers.length > 0 ? wrappers : elsewhere("tx-wrapper", "wrapper").map(remote),
    folder: FOLDER,
  };
}

const urlOf = ({ name, host, port }: Upstream) => ({ name, url: `http://${host}:${port}` });

/** What the gateway reads (edge/settings.ts). */
function gatewaySettings(plan: EdgePlan, { settings, listenersOf }: Context) {
  const native = portOf(listenersOf("nodeos"), "http");
  const { bodyBytes, responseBytes, batch, logBlocks, sockets, subscriptions, callsPerSocket } = plan.limits;
  const { read, heavy, write } = plan.timeouts;
  return {
    ...{ port: plan.gatewayPort, agentPort: plan.agentPort, inside: `http://127.0.0.1:${plan.insidePort}` },
    nodes: plan.nodes.map(urlOf),
    writers: plan.writers.map(urlOf),
    ...(native === undefined ? {} : { native: `http://127.0.0.1:${native}` }),
    methods: plan.methods,
    limits: { bodyBytes, responseBytes, batch, logBlocks, sockets, subscriptions, callsPerSocket },
    health: settings.health,
    timeouts: { read: read * 1000, heavy: heavy * 1000, write: write * 1000 },
    client: settings.client,
    counts: `${PROXY_STATE}/stats.sock`,
  };
}

const haproxy = (plan: EdgePlan, listeners: Listener[]): ServicePlan => ({
  service: "proxy",
  unit: "proxy",
  summary: "JSON-RPC proxy",
  user: "haproxy",
  // Without TLS the file alone is looked at; with it a certificate must be there before HAProxy can.
  before: plan.tls ? placeholder : ["/usr/sbin/haproxy", "-c", "-q", "-f", CONFIG],
  exec: ["/usr/sbin/haproxy", "-Ws", "-f", CONFIG],
  reload: [
    ["/usr/sbin/haproxy", "-c", "-q", "-f", CONFIG],
    ["/bin/kill", "-USR2", "$MAINPID"],
    // A signal that comes while it reads its files is lost. By then it has told systemd, which keeps the next reload back.
    ["/bin/sleep", "1"],
  ],
  readiness: "notify",
  // Its socket is the gateway's to read.
  groups: [GATEWAY],
  keepsState: true,
  programs: plan.tls ? ["nodewright-host"] : [],
  packages: ["haproxy"],
  masked: ["haproxy.service"],
  files: haproxyFiles(plan, CONFIG),
  listeners,
  after: ["nodewright-edge.service"],
  onChange: "reload",
  // Takes no connection any more, and answers what it has taken: SIGTERM would cut those short.
  stop: { signal: "SIGUSR1", timeoutSeconds: SECONDS_TO_DRAIN + 10 },
  capabilities: ["CAP_NET_BIND_SERVICE"],
  health: { kind: "json-rpc", url: `http://127.0.0.1:${plan.tls ? plan.insidePort : plan.port}` },
});

/** What answers for it on this host stops after it, so that nothing that was taken is lost at a planned restart. */
const behindIt = ({ listenersOf }: Context): string[] => [
  ...listenersOf("evm-rpc").map(({ name }) => `evm-${name}.service`),
  ...(listenersOf("tx-wrapper").length > 0 ? ["tx-wrapper.service"] : []),
];

const gateway = (plan: EdgePlan, context: Context, listeners: Listener[]): ServicePlan => ({
  service: "proxy",
  unit: GATEWAY,
  summary: "JSON-RPC gateway",
  user: GATEWAY,
  exec: [`${PROGRAMS}/nodewright-edge`, GATEWAY_CONFIG],
  programs: ["nodewright-edge"],
  files: [{ path: GATEWAY_CONFIG, content: { format: "json", value: gatewaySettings(plan, context) } }],
  listeners,
  after: behindIt(context),
  reload: [["/bin/kill", "-HUP", "$MAINPID"]],
  onChange: "reload",
  stop: { timeoutSeconds: SECONDS_TO_DRAIN },
  health: { kind: "tcp", port: plan.gatewayPort },
});

const OF_GATEWAY = ["gateway", "agent-check"];
const OF_KEEPER = ["challenge"];

/**
 * The public JSON-RPC endpoint. HAProxy sends reads to the read-only nodes by itself, also those of the other hosts of
 * its group where no cloud balances between them; the gateway beside it answers all that has to be read first.
 */
export const proxy = defineService({
  name: "proxy",
  summary: "public JSON-RPC endpoint (HAProxy and its gateway)",
  settings: proxySettings,
  onEvm: true,
  listeners: (settings, { shares }) => [
    tcp("rpc", endsTls(settings) ? settings.tlsPort : settings.port, "public"),
    ...(endsTls(settings) ? [tcp("redirect", settings.port, "public")] : []),
    ...(shares ? [tcp("members", settings.memberPort, "cluster")] : []),
    { ...tcp("metrics", settings.metricsPort, "cluster"), scraped: ["/metrics", "/edge"] },
    tcp("inside", settings.insidePort, "loopback"),
    tcp("gateway", settings.gatewayPort, "loopback"),
    tcp("agent-check", settings.agentPort, "loopback"),
    ...(settings.tls === "acme" ? [tcp("challenge", settings.challengePort, "loopback")] : []),
  ],
  plan: (context) => {
    const plan = edgePlan(context);
    const of = (names: readonly string[]) => context.listeners.filter(({ name }) => names.includes(name));
    const own = context.listeners.filter(({ name }) => ![...OF_GATEWAY, ...OF_KEEPER].includes(name));
    return [
      gateway(plan, context, of(OF_GATEWAY)),
      haproxy(plan, own),
      ...(plan.tls ? [certificateKeeper(plan.tls, context, of(OF_KEEPER))] : []),
    ];
  },
});

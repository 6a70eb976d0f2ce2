import type { MethodOverrides } from "./methods";

/** A server of a backend: a name for HAProxy and where it listens. */
export interface Upstream {
  name: string;
  host: string;
  port: number;
}

/** Everything that HAProxy's configuration is made from. */
export interface EdgePlan {
  port: number;
  /** Where others of the group are answered, if there are any. */
  memberPort: number | undefined;
  /** Loopback: the gateway, its agent check, and what the gateway sends back. */
  gatewayPort: number;
  agentPort: number;
  insidePort: number;
  metricsPort: number;
  nodes: readonly Upstream[];
  /** Those of this host. */
  ownNodes: readonly Upstream[];
  writers: readonly Upstream[];
  methods: MethodOverrides;
  limits: EdgeLimits;
  /** Seconds. */
  timeouts: { read: number; heavy: number; write: number };
  maxConnections: number;
  /** Balancers in front whose word on a client's address is taken, and how they say it. */
  behind: { addresses: readonly string[]; by: "proxy-protocol" | "x-forwarded-for" } | undefined;
  /** Where lists that HAProxy reads lie. */
  folder: string;
}

export interface EdgeLimits {
  bodyBytes: number;
  responseBytes: number;
  batch: number;
  logBlocks: number;
  /** Units that a client may spend in a second, over ten seconds. */
  unitsPerSecond: number;
  connectionsPerClient: number;
  sockets: number;
  subscriptions: number;
  callsPerSocket: number;
}

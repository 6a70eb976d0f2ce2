import type { ApiKeys } from "./api-keys";
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
  /** Balancers in front whose word on a client's address is taken, and how they say it; `word` counts from the end, default 1. */
  behind:
    | { addresses: readonly string[]; by: "proxy-protocol" | "x-forwarded-for"; word?: number | undefined }
    | undefined;
  /** Seconds that a connection is kept for a client's next request. Default 60. */
  keepAlive?: number;
  /** Where lists that HAProxy reads lie. */
  folder: string;
  /** Where HAProxy keeps what is its own; methods are counted where it has such a place. */
  state?: {
    folder: string /** Group that may read the counts. Default its own user alone. */;
    readers?: string;
  };
  /** Absent where plain HTTP is served: a balancer in front ends TLS, or nobody does. */
  tls?: EdgeTls;
  apiKeys?: ApiKeys;
}

export interface EdgeTls {
  /** Certificate, those above it, and key: one file in PEM. */
  certificate: string;
  /** By which a new certificate is handed to HAProxy. */
  socket: string;
  /** Plain HTTP, which only sends to the other port. */
  plainPort: number;
  /** Where this host's ACME client listens, on loopback, and those of the others with the same names. */
  acme?: { port: number; members: readonly Upstream[] };
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

import { z } from "zod";
import { METHOD_CLASSES } from "../components/core/edge/methods";

const server = z.strictObject({ name: z.string(), url: z.url() });
export type Server = z.infer<typeof server>;

/** What `/etc/nodewright-edge/edge.json` says: written by the plan (components/core/services/proxy.ts). */
export const edgeSettings = z.strictObject({
  /** Where HAProxy reaches it; loopback. */
  port: z.number(),
  /** Where HAProxy asks what a node is worth; 0 asks the kernel for a port, as the others do. */
  agentPort: z.number(),
  /** HAProxy's own frontend for what the gateway itself asks: below it `/read` and `/price`. */
  inside: z.url(),
  nodes: z.array(server),
  writers: z.array(server),
  /** nodeos, whose clock the EVM nodes are held against. */
  native: z.url().optional(),
  methods: z.record(z.string(), z.enum(METHOD_CLASSES)),
  limits: z.strictObject({
    bodyBytes: z.number(),
    /** Of one answer to a client, a batch's in all. */
    responseBytes: z.number(),
    batch: z.number(),
    /** Blocks that one eth_getLogs may span. */
    logBlocks: z.number(),
    sockets: z.number(),
    subscriptions: z.number(),
    /** Calls of one WebSocket in a second. */
    callsPerSocket: z.number(),
  }),
  health: z.strictObject({
    /** Native head against the clock, in seconds. */
    headAge: z.number(),
    /** EVM blocks that a node may be behind the pool's tip or the native head. */
    behind: z.number(),
  }),
  /** Milliseconds. */
  timeouts: z.strictObject({ read: z.number(), heavy: z.number(), write: z.number() }),
  client: z.string(),
  /** HAProxy's socket, for what it counts by method and which of its processes serves. Default: neither is known. */
  counts: z.string().optional(),
});

export type EdgeSettings = z.infer<typeof edgeSettings>;

import { z } from "zod";
import { portSchema } from "../config/units";
import { METHOD_CLASSES } from "../edge/methods";
import { accessSettings } from "./proxy-access-settings";

const port = (preset: number, what: string) =>
  portSchema.default(preset).describe(`${what} Default ${preset}.`);
const count = (preset: number, most: number, what: string) =>
  z.number().int().min(1).max(most).default(preset).describe(`${what} Default ${preset}.`);

/** 100 kB of calldata in hex are 200 kB; a buffer of that size is held for every connection that has a body under way. */
const BODY = 256 * 1024;

const limits = z
  .strictObject({
    bodyBytes: z
      .number()
      .int()
      .min(1024)
      .max(2 ** 20)
      .default(BODY)
      .describe(
        `Bytes of one request; a buffer of that size is held for each body under way. Default ${BODY}.`,
      ),
    responseBytes: count(16 * 2 ** 20, 2 ** 28, "Bytes of one answer that the gateway puts together."),
    batch: count(100, 1000, "Calls in one batch."),
    logBlocks: count(10_000, 10_000_000, "Blocks that one eth_getLogs may span."),
    unitsPerSecond: count(
      500,
      1_000_000,
      "What one client address may spend a second, over ten seconds: most reads cost 1, eth_call 5, logs and traces 25.",
    ),
    connectionsPerClient: count(256, 65_536, "Connections of one client address at once."),
    sockets: count(1_000, 10_000, "WebSockets at once."),
    subscriptions: count(16, 1_000, "Subscriptions of one WebSocket."),
    callsPerSocket: count(100, 10_000, "Calls of one WebSocket a second."),
  })
  .prefault({});

const timeouts = z
  .strictObject({
    read: count(5, 300, "Seconds that a node has for a read, before another one is asked."),
    heavy: count(30, 600, "Seconds for logs and traces."),
    write: count(20, 300, "Seconds that a writer has for a transaction, before the next one is asked."),
  })
  .prefault({});

const health = z
  .strictObject({
    headAge: count(30, 3600, "Seconds that a node's newest block may be old."),
    behind: count(
      5,
      1000,
      "Blocks by which a client may see the chain go back from one answer to the next: a node that is two fewer behind the others is left alone. Also seconds behind the native chain.",
    ),
  })
  .prefault({});

/** Settings of `services.proxy`. */
export const proxySettings = z.strictObject({
  port: port(80, "Plain HTTP. Where HAProxy ends TLS it only sends to tlsPort."),
  tlsPort: port(443, "HTTPS, where HAProxy ends TLS."),
  challengePort: port(8550, "Loopback: where the ACME client answers for the host's names."),
  ...accessSettings,
  memberPort: port(8546, "Where a host of a group without a cloud's balancer answers the others of it."),
  metricsPort: port(8405, "Prometheus: /metrics of HAProxy, /edge of the gateway."),
  insidePort: port(8548, "Loopback: what the gateway sends on to nodes."),
  gatewayPort: port(8547, "Loopback: the gateway."),
  agentPort: port(8549, "Loopback: what the gateway tells HAProxy of the nodes."),
  maxConnections: z
    .number()
    .int()
    .min(16)
    .max(65536)
    .default(512)
    .describe("Connections at once, each may hold one body in memory. Default 512."),
  methods: z
    .record(
      z.string().regex(/^[a-z][a-z0-9]*_[A-Za-z0-9_]{1,60}$/, "is no method: write it like eth_call"),
      z.enum(METHOD_CLASSES),
    )
    .default({})
    .describe(
      "What the edge does with a method in place of what its catalog says, docs/methods.md. Default none.",
    ),
  behind: z
    .strictObject({
      addresses: z
        .array(z.union([z.cidrv4(), z.cidrv6()], "is no network: write it like 10.0.0.0/16"))
        .min(1),
      by: z.enum(["proxy-protocol", "x-forwarded-for"]),
      word: z
        .number()
        .int()
        .min(1)
        .max(9)
        .optional()
        .describe(
          "Which word of X-Forwarded-For is the client's, counted from the end. Default 1; Google's balancers add their own behind it: 2.",
        ),
    })
    .optional()
    .describe("Balancers whose word on a client's address is taken, and how they say it. Default none."),
  client: z
    .string()
    .regex(/^[\w./-]{1,60}$/)
    .default("nodewright-edge")
    .describe("What web3_clientVersion says where a node has no such method. Default nodewright-edge."),
  limits,
  timeouts,
  health,
});

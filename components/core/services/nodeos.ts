import { z } from "zod";
import { bytesOf, portSchema, sizeSchema } from "../config/units";
import { type Listener, tcp } from "../network/listener";
import { NO_SNAPSHOT, NODEOS_DATA, nodeosFiles, SIGNING_KEY, START } from "./nodeos-files";
import { defineService, type Place } from "./service";

/** Options that the plan itself decides; a stack file that set them would open a port or split the truth. */
const RESERVED = [
  "allowed-connection",
  "blocks-dir",
  "chain-state-db-size-mb",
  "config",
  "config-dir",
  "data-dir",
  "disable-replay-opts",
  "enable-stale-production",
  "genesis-json",
  "http-server-address",
  "p2p-listen-endpoint",
  "p2p-peer-address",
  "plugin",
  "producer-name",
  "private-key",
  "signature-provider",
  "snapshot",
  "snapshots-dir",
  "state-dir",
  "state-history-endpoint",
  "unix-socket-path",
];

/** Below its guard of 128 MB nodeos stops at once, with status 0 (seen in 4.1.0-dev). */
const LEAST_STATE = "256 MB";

const optionValue = z.union([z.string().min(1), z.number(), z.boolean()]);

const settings = z.strictObject({
  stateSize: sizeSchema
    .refine((size) => bytesOf(size) >= bytesOf(LEAST_STATE), `is less than ${LEAST_STATE}`)
    .optional()
    .describe(
      "chain-state-db-size-mb, a ceiling, not an allocation. Default as the network asks for: 180 GB for EOS and exSat, 128 GB for WAX, 16 GB for Jungle, 1 GB for a private chain.",
    ),
  p2pPort: portSchema.default(9876).describe("Port for other nodes. Default 9876."),
  httpPort: portSchema.default(8888).describe("Port of the chain API. Default 8888."),
  shipPort: portSchema
    .default(8999)
    .describe(
      "Port of state history, loopback only. Default 8999: nodeos' own, 8080, is also evm-node's gRPC.",
    ),
  /** Further options of config.ini, as nodeos spells them; a list gives the option several times. Default none. */
  options: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, "is no nodeos option"),
      z.union([optionValue, z.array(optionValue).min(1)]),
    )
    .superRefine((options, context) => {
      for (const name of Object.keys(options).filter((option) => RESERVED.includes(option))) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: "is set by the plan and cannot be given here",
        });
      }
    })
    .default({}),
});

export type NodeosSettings = z.output<typeof settings>;

/** Hidden unless the role says otherwise: it opens connections, and takes none from outside. */
const listeners = ({ p2pPort, httpPort, shipPort }: NodeosSettings, { services }: Place): Listener[] => [
  tcp("p2p", p2pPort, "loopback"),
  tcp("http", httpPort, "cluster"),
  // evm-node reads state history, so only hosts that run one keep it.
  ...(services.includes("evm-node") ? [tcp("ship", shipPort, "loopback")] : []),
];

/** The native node: follows or makes the chain, and keeps state history for evm-node. */
export const nodeos = defineService({
  name: "nodeos",
  summary: "the native chain",
  settings,
  listeners,
  plan: (context) => {
    const own = context.listeners;
    return [
      {
        service: "nodeos",
        unit: "nodeos",
        summary: "nodeos",
        user: "nodeos",
        // Without --disable-replay-opts the state history plugin refuses to start.
        exec: [START, ...(own.some(({ name }) => name === "ship") ? ["--disable-replay-opts"] : [])],
        ...(context.producer?.signingKey ? { environment: { PUBLIC_KEY: context.producer.signingKey } } : {}),
        programs: ["nodeos"],
        files: nodeosFiles(context, own),
        listeners: own,
        ...(context.producer ? { secrets: [SIGNING_KEY] } : {}),
        data: NODEOS_DATA,
        onChange: "restart",
        // Killed before it has written its state, nodeos starts "dirty" and must be rebuilt. A large state takes minutes.
        stop: { timeoutSeconds: 600 },
        // 2: the database is dirty. A restart cannot mend it.
        finalExits: [2, NO_SNAPSHOT],
        health: {
          kind: "nodeos",
          url: `http://127.0.0.1:${context.settings.httpPort}`,
          maxHeadAgeSeconds: 10,
          // Moved to another network with its data kept, it would go on with the chain that it has.
          ...(context.network.native.chainId === undefined
            ? {}
            : { chainId: context.network.native.chainId }),
        },
      },
    ];
  },
});

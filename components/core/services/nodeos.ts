import { z } from "zod";
import { bytesOf, portSchema, sizeSchema } from "../config/units";
import { type Listener, tcp } from "../network/listener";
import { NODEOS_DATA, NOT_STARTED, nodeosFiles, SIGNING_KEY, START, stateOf, tmpfsOf } from "./nodeos-files";
import { STATE_MODES, type StateChoice, stateText } from "./nodeos-state";
import { defineService, type Place } from "./service";

/** Options that the plan itself decides; a stack file that set them would open a port or split the truth. */
const RESERVED = [
  "allowed-connection",
  "blocks-dir",
  "chain-state-db-size-mb",
  "database-map-mode",
  "config",
  "config-dir",
  "data-dir",
  "disable-replay-opts",
  "enable-stale-production",
  "genesis-json",
  "http-category-address",
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
  stateMode: z
    .enum(STATE_MODES)
    .optional()
    .describe(
      "How nodeos holds its state: mapped (pages of a file), heap (all of it in memory, written at each stop), or tmpfs (a file in memory: kept while nodeos restarts, gone with a restart of the host, which is then a recovery from a snapshot). Default heap where the state's ceiling fits in three quarters of the machine's memory, else mapped.",
    ),
  p2pPort: portSchema.default(9876).describe("Port for other nodes. Default 9876."),
  httpPort: portSchema.default(8888).describe("Port of the chain API. Default 8888."),
  controlPort: portSchema
    .default(8890)
    .describe(
      "Port of the producer, snapshot, net and database APIs, loopback only on every role. Default 8890.",
    ),
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

/** Beside nodeos' own limit, which it holds only once it has spent a thread on the connection. */
const CONNECTIONS_OF_ONE = 10;

/** Hidden unless the role says otherwise: it opens connections, and takes none from outside. */
const listeners = (
  { p2pPort, httpPort, controlPort, shipPort }: NodeosSettings,
  { services }: Place,
): Listener[] => [
  { ...tcp("p2p", p2pPort, "loopback"), perAddress: CONNECTIONS_OF_ONE },
  tcp("http", httpPort, "cluster"),
  tcp("control", controlPort, "loopback"),
  // evm-node reads state history, so only hosts that run one keep it.
  ...(services.includes("evm-node") ? [tcp("ship", shipPort, "loopback")] : []),
];

/** Bytes a second at which a slow network disk takes nodeos' state when it closes it. */
const SLOW_DISK = 200e6;
/** For a snapshot that is being written when the stop comes, and nodeos' own end. */
const SNAPSHOT_SECONDS = 600;

/** How long a stop may take before it is a kill, which costs a recovery: the whole state written to a slow disk, if it lies on one. */
const stopSeconds = ({ mode, size }: StateChoice): number =>
  SNAPSHOT_SECONDS + 60 + (mode === "tmpfs" ? 0 : Math.ceil(bytesOf(size) / SLOW_DISK));

/** The native node: follows or makes the chain, and keeps state history for evm-node. */
export const nodeos = defineService({
  name: "nodeos",
  summary: "the native chain",
  settings,
  listeners,
  plan: (context) => {
    const own = context.listeners;
    const state = stateOf(context);
    const tmpfs = tmpfsOf(context);
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
        ...(tmpfs ? { tmpfs } : {}),
        onChange: "restart",
        // The recovery's memory; on the system's disk, since the chain's may be full.
        keepsState: true,
        stop: { timeoutSeconds: stopSeconds(state) },
        choices: [stateText(state)],
        // A dirty database is mended at the next start; what cannot be mended waits for a person.
        finalExits: [NOT_STARTED],
        health: {
          kind: "nodeos",
          url: `http://127.0.0.1:${context.settings.httpPort}`,
          control: `http://127.0.0.1:${context.settings.controlPort}`,
          ...(context.producer ? { produces: true } : {}),
          // In irreversible mode the head is the last irreversible block: 3 minutes old before Savanna.
          maxHeadAgeSeconds: context.role === "backup" ? 400 : 10,
          // Moved to another network with its data kept, it would go on with the chain that it has.
          ...(context.network.native.chainId === undefined
            ? {}
            : { chainId: context.network.native.chainId }),
        },
      },
    ];
  },
});

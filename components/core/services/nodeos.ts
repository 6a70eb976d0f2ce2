import { z } from "zod";
import { bytesOf, megabytesOf, portSchema, sizeSchema } from "../config/units";
import { bindAddress, type Exposure, type Listener, tcp } from "../network/listener";
import { nativeGenesis } from "../networks/native-genesis";
import { DATA, defineService, PROGRAMS, type ServiceContext, type ServiceFile } from "./service";

/** Native key that a producer signs blocks with. */
export const SIGNING_KEY = "signing-key";

const NODEOS_DATA = `${DATA}/nodeos`;
const CONFIG = "/etc/nodeos/config.ini";
const GENESIS = "/etc/nodeos/genesis.json";
const START = "/usr/lib/nodewright/nodeos-start";

/** Options that the plan itself decides; a stack file that set them would open a port or split the truth. */
const RESERVED = [
  "allowed-connection",
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
  "state-history-endpoint",
  "unix-socket-path",
];

/** Below its guard of 128 MB nodeos stops at once, with status 0 (seen in 4.1.0-dev). */
const LEAST_STATE = "256 MB";

const optionValue = z.union([z.string().min(1), z.number(), z.boolean()]);

const settings = z.strictObject({
  stateSize: sizeSchema
    .refine((size) => bytesOf(size) >= bytesOf(LEAST_STATE), `is less than ${LEAST_STATE}`)
    .default("1 GB")
    .describe(
      "chain-state-db-size-mb, a ceiling, not an allocation. Default 1 GB, enough for a private chain.",
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

type Settings = z.output<typeof settings>;

/** Who may connect, by role. A producer takes no inbound connection; its producer API stays on loopback. */
const EXPOSURE: Record<string, { p2p: Exposure; http: Exposure }> = {
  validator: { p2p: "loopback", http: "loopback" },
  seed: { p2p: "public", http: "cluster" },
};
const DEFAULT_EXPOSURE = { p2p: "loopback", http: "cluster" } as const;

function listeners({ p2pPort, httpPort, shipPort }: Settings, role: string): Listener[] {
  const { p2p, http } = EXPOSURE[role] ?? DEFAULT_EXPOSURE;
  return [
    tcp("p2p", p2pPort, p2p),
    tcp("http", httpPort, http),
    ...(servesHistory(role) ? [tcp("ship", shipPort, "loopback")] : []),
  ];
}

/** evm-node reads state history, so only hosts that run one keep it. */
const servesHistory = (role: string) => role === "rpc";

type Entry = [key: string, value: string | number | boolean];

/** What the stack file gives comes in place of what would be there without it. */
function entries(context: ServiceContext<Settings>): Entry[] {
  const given = Object.entries(context.settings.options).flatMap(([key, value]): Entry[] =>
    (Array.isArray(value) ? value : [value]).map((each): Entry => [key, each]),
  );
  return [...planned(context).filter(([key]) => !given.some(([other]) => other === key)), ...given];
}

function planned(context: ServiceContext<Settings>): Entry[] {
  const { settings, role, producer, peers, host, stack, network } = context;
  const endpoint = (name: string) => {
    const listener = listeners(settings, role).find((each) => each.name === name);
    return listener ? `${bindAddress(listener.exposure)}:${listener.port}` : undefined;
  };
  const ship = endpoint("ship");
  const plugins = ["chain_plugin", "chain_api_plugin", "net_plugin", "http_plugin"];
  return [
    ...[
      ...plugins,
      ...(producer ? ["producer_plugin", "producer_api_plugin"] : []),
      ...(ship ? ["state_history_plugin"] : []),
    ].map((plugin): Entry => ["plugin", `eosio::${plugin}`]),
    ["agent-name", `${stack}-${host}`],
    ["chain-state-db-size-mb", megabytesOf(settings.stateSize)],
    ["http-server-address", endpoint("http") ?? ""],
    ["http-validate-host", false],
    // Seconds between looks for lost peers. Its default, 30, is how long a host would miss a relay that was restarted.
    ["connection-cleanup-period", 5],
    ["p2p-listen-endpoint", endpoint("p2p") ?? ""],
    ...peers.map((peer): Entry => ["p2p-peer-address", peer]),
    ...(ship
      ? ([
          ["state-history-endpoint", ship],
          ["trace-history", true],
          ["chain-state-history", false],
        ] satisfies Entry[])
      : []),
    ...(producer ? ([["producer-name", producer.name]] satisfies Entry[]) : []),
    // A chain that stands still because its only producer was away goes on by this alone.
    ...(producer && network.birth ? ([["enable-stale-production", true]] satisfies Entry[]) : []),
  ];
}

const START_SCRIPT = `#!/bin/sh
# The signing key is joined to the configuration on tmpfs, at each start: it lies on no disk and in no argv.
set -eu
umask 077
config=$RUNTIME_DIRECTORY/config.ini
cat ${CONFIG} >"$config"
if [ -n "\${PUBLIC_KEY:-}" ]; then
  printf 'signature-provider = %s=KEY:%s\\n' "$PUBLIC_KEY" "$(cat "$CREDENTIALS_DIRECTORY/${SIGNING_KEY}")" >>"$config"
fi
set -- --config-dir "$RUNTIME_DIRECTORY" --data-dir ${NODEOS_DATA} "$@"
if [ -f ${GENESIS} ] && [ ! -e ${NODEOS_DATA}/blocks/blocks.log ]; then
  set -- "$@" --genesis-json ${GENESIS}
fi
exec ${PROGRAMS}/nodeos "$@"
`;

function files(context: ServiceContext<Settings>): ServiceFile[] {
  const { birth } = context;
  return [
    { path: CONFIG, content: { format: "ini", entries: entries(context) } },
    { path: START, content: { format: "script", text: START_SCRIPT } },
    ...(birth
      ? [
          {
            path: GENESIS,
            content: { format: "json" as const, value: nativeGenesis(birth.timestamp, birth.initialKey) },
          },
        ]
      : []),
  ];
}

/** The native node: follows or makes the chain, and keeps state history for evm-node. */
export const nodeos = defineService({
  name: "nodeos",
  summary: "the native chain",
  settings,
  listeners,
  plan: (context) => {
    const own = listeners(context.settings, context.role);
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
        files: files(context),
        listeners: own,
        ...(context.producer ? { secrets: [SIGNING_KEY] } : {}),
        data: NODEOS_DATA,
        onChange: "restart",
        // Killed before it has written its state, nodeos starts "dirty" and must be rebuilt. A large state takes minutes.
        stop: { timeoutSeconds: 600 },
        // 2: the database is dirty. A restart cannot mend it.
        finalExits: [2],
        health: {
          kind: "nodeos",
          url: `http://127.0.0.1:${context.settings.httpPort}`,
          maxHeadAgeSeconds: 10,
        },
      },
    ];
  },
});

import { megabytesOf, type Size } from "../config/units";
import { irreversibleAge } from "../failover/timing";
import { bindAddress, type Listener } from "../network/listener";
import { nativeGenesis } from "../networks/native-genesis";
import type { NodeosSettings } from "./nodeos";
import { peersFile } from "./nodeos-peers";
import { CODE_CACHE_MB, chooseState, type StateChoice, tmpfsSize } from "./nodeos-state";
import { DATA, PROGRAMS, type ServiceContext, type ServiceFile, type Tmpfs } from "./service";

/** Native key that a producer signs blocks with. */
export const SIGNING_KEY = "signing-key";

export const NODEOS_DATA = `${DATA}/nodeos`;
/** Where a state lies that is held in memory: not in the state's own place, so that neither hides the other. */
export const STATE_IN_MEMORY = `${NODEOS_DATA}/tmpfs`;
export const START = "/usr/lib/nodewright/nodeos-start";
/** What the plan says of a host's snapshots. */
export const SNAPSHOT_SETTINGS = "/etc/nodewright/snapshots.json";
const CONFIG = "/etc/nodeos/config.ini";
const GENESIS = "/etc/nodeos/genesis.json";

/** What the agent needs to know to start nodeos, as data. */
export const CHAIN_SETTINGS = "/etc/nodewright/chain.json";

/** How the start script ends where nothing on the host can be started from. EX_CONFIG: no code of nodeos' own. */
export const NOT_STARTED = 78;
/** How it ends where nodeos did, with status 0 and unasked. EX_SOFTWARE. */
const ENDED_ALONE = 70;
/** Percent; nodeos' own default of resource-monitor-space-threshold. */
const DISK_THRESHOLD = 90;

/** What other hosts may ask. */
const CHAIN_API = ["chain_ro", "chain_rw"];
/** What stops a producer, writes to the disk or changes peers: on loopback, whatever the role. */
const CONTROL_API = ["producer_ro", "producer_rw", "snapshot", "net_ro", "net_rw", "db_size"];

/** A public relay serves many, and no address more than a pair of nodes (nodeos' defaults: 25 and 1). */
const RELAY_LIMITS: [key: string, value: number][] = [
  ["max-clients", 200],
  ["p2p-max-nodes-per-host", 2],
];

type Context = ServiceContext<NodeosSettings>;
type Entry = [key: string, value: string | number | boolean];

export const stateOf = ({ settings, network, memory }: Context): StateChoice =>
  chooseState({
    size: settings.stateSize ?? network.stateSize,
    ...(memory === undefined ? {} : { memory }),
    ...(settings.stateMode === undefined ? {} : { mode: settings.stateMode }),
  });

const thresholdOf = ({ options }: NodeosSettings): number =>
  Number(options["resource-monitor-space-threshold"] ?? DISK_THRESHOLD);

/** How large a file system in memory must be for a state of that ceiling. */
export const roomInMemory = (state: Size, settings: NodeosSettings): Size =>
  tmpfsSize(state, {
    threshold: thresholdOf(settings),
    codeCacheMb: Number(settings.options["eos-vm-oc-cache-size-mb"] ?? CODE_CACHE_MB),
  });

/** The file system in memory, where the state lies on one. */
export const tmpfsOf = (context: Context): Tmpfs | undefined => {
  const { mode, size } = stateOf(context);
  return mode === "tmpfs" ? { path: STATE_IN_MEMORY, size: roomInMemory(size, context.settings) } : undefined;
};

/** What the stack file gives comes in place of what would be there without it. */
function entries(context: Context, listeners: readonly Listener[]): Entry[] {
  const given = Object.entries(context.settings.options).flatMap(([key, value]): Entry[] =>
    (Array.isArray(value) ? value : [value]).map((each): Entry => [key, each]),
  );
  return [
    ...planned(context, listeners).filter(([key]) => !given.some(([other]) => other === key)),
    ...given,
  ];
}

function planned(context: Context, listeners: readonly Listener[]): Entry[] {
  const { host, stack } = context;
  const state = stateOf(context);
  const endpoint = (name: string) => {
    const listener = listeners.find((each) => each.name === name);
    return listener ? `${bindAddress(listener.exposure)}:${listener.port}` : undefined;
  };
  const ship = endpoint("ship");
  // chain_plugin first: with a producer plugin before it nodeos 4.1.0-dev crashed at start (exit 139).
  const plugins = ["chain_plugin", "chain_api_plugin", "net_plugin", "net_api_plugin", "http_plugin"];
  return [
    ...[
      ...plugins,
      ...["db_size_api_plugin", "producer_plugin", "producer_api_plugin"],
      ...(ship ? ["state_history_plugin"] : []),
    ].map((plugin): Entry => ["plugin", `eosio::${plugin}`]),
    ["agent-name", `${stack}-${host}`],
    ["chain-state-db-size-mb", megabytesOf(state.size)],
    // A file in memory is mapped like any other.
    ["database-map-mode", state.mode === "tmpfs" ? "mapped" : state.mode],
    ...(state.mode === "tmpfs" ? ([["state-dir", STATE_IN_MEMORY]] satisfies Entry[]) : []),
    ["http-server-address", "http-category-address"],
    ...CHAIN_API.map((category): Entry => ["http-category-address", `${category},${endpoint("http") ?? ""}`]),
    ...CONTROL_API.map(
      (category): Entry => ["http-category-address", `${category},${endpoint("control") ?? ""}`],
    ),
    // What is backed up then holds no block that a fork could take back.
    ...(context.role === "backup" ? ([["read-mode", "irreversible"]] satisfies Entry[]) : []),
    ["http-validate-host", false],
    // Seconds between looks for lost peers. Its default, 30, is how long a host would miss a relay that was restarted.
    ["connection-cleanup-period", 5],
    ["p2p-listen-endpoint", endpoint("p2p") ?? ""],
    ...(listeners.some(({ name, exposure }) => name === "p2p" && exposure === "public") ? RELAY_LIMITS : []),
    ...(ship
      ? ([
          ["state-history-endpoint", ship],
          ["trace-history", true],
          ["chain-state-history", false],
        ] satisfies Entry[])
      : []),
    ...production(context),
  ];
}

/** Who it produces as, and what must hold before it does. */
function production({ producer, network, failover }: Context): Entry[] {
  if (!producer) return [];
  return [
    ["producer-name", producer.name],
    // Nobody but the holder's agent lets it produce, and only on a chain as young as that agent last saw it.
    ...(failover
      ? ([
          ["pause-on-startup", true],
          ["max-irreversible-block-age", irreversibleAge(failover.timing)],
        ] satisfies Entry[])
      : []),
    // A chain that stands still because its only producer was away goes on by this alone.
    ...(network.birth ? ([["enable-stale-production", true]] satisfies Entry[]) : []),
  ];
}

const START_SCRIPT = `#!/bin/sh
# The signing key is joined to the configuration on tmpfs, at each start: it lies on no disk and in no argv.
set -eu
umask 077
config=$RUNTIME_DIRECTORY/config.ini
arguments=$RUNTIME_DIRECTORY/arguments
agent=${PROGRAMS}/nodewright-host
lock=${NODEOS_DATA}/snapshots/.lock
cat ${CONFIG} >"$config"
if [ -n "\${PUBLIC_KEY:-}" ]; then
  printf 'signature-provider = %s=KEY:%s\\n' "$PUBLIC_KEY" "$(cat "$CREDENTIALS_DIRECTORY/${SIGNING_KEY}")" >>"$config"
fi
# A host with nothing of its own begins with the snapshot that the plan names, if it names one.
[ ! -f ${SNAPSHOT_SETTINGS} ] || "$agent" snapshots fetch --if-fresh
# What was left by a crash is mended here, or nodeos is not started (then this ends with another code than nodeos' own).
rm -f "$arguments"
"$agent" chain prepare --arguments "$arguments"
while read -r word; do set -- "$@" "$word"; done <"$arguments"

asked=
node=
# shellcheck disable=SC2317
stop() {
  asked=yes
  # A snapshot that is being written is waited for: nodeos must not end in it.
  if [ -e "$lock" ]; then flock --timeout 600 "$lock" true || :; fi
  if [ -n "$node" ]; then kill -TERM "$node" || :; fi
}
trap stop TERM INT
${PROGRAMS}/nodeos --config-dir "$RUNTIME_DIRECTORY" --data-dir ${NODEOS_DATA} "$@" &
node=$!
"$agent" chain watch &
watch=$!
# A signal interrupts wait, and nodeos goes on to its end.
while :; do
  code=0
  wait "$node" || code=$?
  kill -0 "$node" 2>/dev/null || break
done
kill "$watch" 2>/dev/null || :
"$agent" chain ended "$code" \${asked:+--asked} || :
if [ "$code" -eq 0 ] && [ -z "$asked" ]; then
  echo "nodeos ended by itself, with status 0: a port that it needs is in use, or its disk is full; its log says which" >&2
  exit ${ENDED_ALONE}
fi
exit "$code"
`;

function chainSettings(context: Context, listeners: readonly Listener[]) {
  const { settings, network, birth, producer, role, failover } = context;
  const tmpfs = tmpfsOf(context);
  return {
    http: `http://127.0.0.1:${settings.httpPort}`,
    control: `http://127.0.0.1:${settings.controlPort}`,
    ...(birth ? { genesis: GENESIS } : {}),
    ...(network.native.chainId === undefined ? {} : { chainId: network.native.chainId }),
    ship: listeners.some(({ name }) => name === "ship"),
    keepsHistory: role === "archive",
    // What takes turns is let produce by its failover alone.
    producesAlone: producer !== undefined && birth !== undefined && failover === undefined,
    diskThreshold: thresholdOf(settings),
    ...(tmpfs ? { state: tmpfs.path } : {}),
  };
}

/** Everything that nodeos reads at start: its configuration, how it is started, and the birth of a private chain. */
export function nodeosFiles(context: Context, listeners: readonly Listener[]): ServiceFile[] {
  const { birth } = context;
  return [
    { path: CONFIG, content: { format: "ini", entries: entries(context, listeners) } },
    { path: START, content: { format: "script", text: START_SCRIPT } },
    { path: CHAIN_SETTINGS, content: { format: "json", value: chainSettings(context, listeners) } },
    peersFile(context.host, context.settings.controlPort, context.peers),
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

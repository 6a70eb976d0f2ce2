import { megabytesOf } from "../config/units";
import { bindAddress, type Listener } from "../network/listener";
import { nativeGenesis } from "../networks/native-genesis";
import type { NodeosSettings } from "./nodeos";
import { DATA, PROGRAMS, type ServiceContext, type ServiceFile } from "./service";

/** Native key that a producer signs blocks with. */
export const SIGNING_KEY = "signing-key";

export const NODEOS_DATA = `${DATA}/nodeos`;
export const START = "/usr/lib/nodewright/nodeos-start";
const CONFIG = "/etc/nodeos/config.ini";
const GENESIS = "/etc/nodeos/genesis.json";

/** How the start script ends where a public chain has nothing to start from. EX_CONFIG: no code of nodeos' own. */
export const NO_SNAPSHOT = 78;

type Context = ServiceContext<NodeosSettings>;
type Entry = [key: string, value: string | number | boolean];

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
  const { settings, producer, peers, host, stack, network } = context;
  const endpoint = (name: string) => {
    const listener = listeners.find((each) => each.name === name);
    return listener ? `${bindAddress(listener.exposure)}:${listener.port}` : undefined;
  };
  const ship = endpoint("ship");
  // chain_plugin first: with a producer plugin before it nodeos 4.1.0-dev crashed at start (exit 139).
  const plugins = ["chain_plugin", "chain_api_plugin", "net_plugin", "http_plugin"];
  return [
    ...[
      ...plugins,
      ...(producer ? ["producer_plugin", "producer_api_plugin"] : []),
      ...(ship ? ["state_history_plugin"] : []),
    ].map((plugin): Entry => ["plugin", `eosio::${plugin}`]),
    ["agent-name", `${stack}-${host}`],
    ["chain-state-db-size-mb", megabytesOf(settings.stateSize ?? network.stateSize)],
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
log=${NODEOS_DATA}/blocks/blocks.log
if [ -f ${GENESIS} ]; then
  [ -e "$log" ] || set -- "$@" --genesis-json ${GENESIS}
  exec ${PROGRAMS}/nodeos "$@"
fi

# A public chain is joined from a snapshot. With nothing at all nodeos would start a chain of its own, and not say so.
state=${NODEOS_DATA}/state
snapshots=${NODEOS_DATA}/snapshots
loading=${NODEOS_DATA}/snapshot-loading
refuse() {
  echo "nodeos was not started: $1. Then: systemctl start nodeos" >&2
  exit ${NO_SNAPSHOT}
}
size_of_log() { stat -c %s "$log" 2>/dev/null || echo 0; }

mkdir -p "$snapshots"
if [ -e "$loading" ]; then
  # The last start took a snapshot, and the log is as before it: the load broke off. nodeos takes neither such a state nor a snapshot beside it.
  if [ "$(size_of_log)" = "$(cat "$loading")" ]; then rm -rf "$state"; fi
  rm -f "$loading"
fi
if [ ! -e "$state/shared_memory.bin" ]; then
  # Named by block id, so the last one is the highest block.
  snapshot=$(find "$snapshots" -maxdepth 1 -name '*.bin' | LC_ALL=C sort | tail -n 1)
  if [ -n "$snapshot" ]; then
    [ -r "$snapshot" ] || refuse "it cannot read $snapshot: chown nodeos: $snapshot"
    size_of_log >"$loading"
    set -- "$@" --snapshot "$snapshot"
  elif [ ! -s "$log" ]; then
    refuse "it has no state, no block log and no snapshot of this public chain. Put a snapshot, unpacked and named *.bin, into $snapshots; where an EVM node runs, one older than the EVM genesis"
  fi
fi
exec ${PROGRAMS}/nodeos "$@"
`;

/** Everything that nodeos reads at start: its configuration, how it is started, and the birth of a private chain. */
export function nodeosFiles(context: Context, listeners: readonly Listener[]): ServiceFile[] {
  const { birth } = context;
  return [
    { path: CONFIG, content: { format: "ini", entries: entries(context, listeners) } },
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

import type { ServiceContext } from "../services/service";
import { AUTHORITY, IDENTITY } from "../tls/certificate";
import { ETCD } from "./plan";
import { FAILOVER_UNIT, type FailoverSettings } from "./settings";
import { irreversibleAge } from "./timing";

/** Stands for the key of a host before it was made: no key of nodeos' is written so. */
const KEY_TO_COME = "made before the first up";

type Context = Pick<
  ServiceContext,
  "stack" | "host" | "clusterName" | "network" | "failover" | "peers" | "listenersOf" | "elsewhere"
>;

/** What the agent of a validator that takes turns is told. Throws for a host that takes none. */
export function failoverSettings(context: Context): FailoverSettings {
  const { stack, host, network, failover } = context;
  if (!failover) throw new Error(`${host} takes turns with nobody`);
  const { group, producer, hosts, primary, timing, minimumPeers, diskFloorPercent } = failover;
  const identity = `/run/credentials/${FAILOVER_UNIT}.service/${IDENTITY}`;
  return {
    stack,
    group,
    producer,
    host,
    hosts: hosts.map(({ name, key = KEY_TO_COME, domain = name }) => ({ name, key, domain })),
    primary,
    etcd: {
      endpoints: endpointsOf(context),
      ca: `/run/credentials/${FAILOVER_UNIT}.service/${AUTHORITY}`,
      certificate: identity,
      key: identity,
    },
    timing,
    nodeos: {
      api: loopback(context, "control"),
      chain: loopback(context, "http"),
      maxIrreversibleAgeSeconds: irreversibleAge(timing),
    },
    gatePorts: portsOf(context),
    ...(network.native.chainId === undefined ? {} : { chainId: network.native.chainId }),
    diskFloorPercent,
    minimumPeers,
  };
}

function loopback({ listenersOf, host }: Context, name: string): string {
  const listener = listenersOf("nodeos").find((each) => each.name === name);
  if (!listener) throw new Error(`nodeos of ${host} does not listen for ${name}`);
  return `http://127.0.0.1:${listener.port}`;
}

/** Of all that nodeos may connect to. */
function portsOf({ peers: { always, others, dnsSeeds } }: Context): number[] {
  const ports = [...always, ...others, ...dnsSeeds].map((peer) => Number(peer.split(":").at(-1)));
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Its own member first: the others are farther away. */
function endpointsOf({ clusterName, listenersOf, elsewhere }: Context): string[] {
  const own = listenersOf(ETCD).filter(({ name }) => name === "etcd");
  return [
    ...own.map(({ port }) => `https://${clusterName}:${port}`),
    ...elsewhere(ETCD, "etcd").map(({ name, port }) => `https://${name}:${port}`),
  ];
}

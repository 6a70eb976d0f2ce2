import { named, type Registry } from "../config/registry";
import type { StackConfig } from "../config/schema";
import { type FailoverPlan, signingKeyOf } from "../failover/plan";
import { planFirewall } from "../network/firewall";
import { tcp } from "../network/listener";
import type { ChainNetwork } from "../networks/network";
import { type Release, releaseOf, releasesFor } from "../releases";
import type { PeerPlan } from "../services/nodeos-peers";
import type { ServiceContext, ServicePlan } from "../services/service";
import type { ChosenServices } from "./choose-services";
import type { ZonePlan } from "./dns";
import type { PlacedHost } from "./place-hosts";
import type { HostPlan } from "./plan";

/** The signing key that the genesis names, before an operator (or the lab) has made one. */
export const KEY_TO_COME = "made before the first up";

const GENESIS_TO_COME = "starts with the first up that finds the EVM's genesis on the chain";

/** The rest of the stack, as one host sees it. */
export interface Surroundings {
  stack: string;
  config: StackConfig;
  releases: Release[];
  network: ChainNetwork;
  registry: Registry;
  hosts: readonly PlacedHost[];
  chosen: ChosenServices;
  names: ZonePlan | undefined;
  failover: FailoverPlan | undefined;
  /** Public relays of other stacks. */
  relays: readonly string[];
}

export function planHost(host: PlacedHost, around: Surroundings): HostPlan {
  const { name, group, role, hardware, place } = host;
  const { config, registry, hosts } = around;
  const target = named(registry.targets, config.target.name);
  const peers = peersOf(host, around);
  const services = planServices(host, peers, around);
  const listeners = [tcp("ssh", 22, "admin"), ...services.flatMap((service) => service.listeners)];
  const through = place.addresses.public === "none" ? doorOf(hosts) : undefined;
  return {
    name,
    group,
    role: role.name,
    summary: role.summary,
    hardware,
    ...(host.belowFloor === undefined ? {} : { belowFloor: host.belowFloor }),
    ...place,
    ...(through === undefined ? {} : { reachedThrough: through }),
    ...producerOf(host),
    peers: [...new Set([...peers.always, ...peers.others])],
    ...(peers.dnsSeeds.length > 0 ? { dnsSeeds: peers.dnsSeeds } : {}),
    services,
    listeners,
    firewall: planFirewall(listeners, target.zones(config.target.config, place)),
    releases: releasesFor(
      around.releases,
      services.flatMap(({ programs }) => programs),
    ),
    secrets: [...new Set(services.flatMap(({ secrets }) => secrets ?? []))],
  };
}

/** The host that lets SSH through to those that the outside cannot reach: a relay before any other. */
function doorOf(hosts: readonly PlacedHost[]): string | undefined {
  const open = hosts.filter(({ place, size }) => place.addresses.public !== "none" && size === undefined);
  return (open.find(({ role }) => role.name === "seed") ?? open[0])?.name;
}

/** Its services, with what they need from one another. */
function planServices(host: PlacedHost, peers: PeerPlan, around: Surroundings): ServicePlan[] {
  const { network, stack, names, chosen } = around;
  const { place, services } = chosen.of(host);
  const shared: Omit<ServiceContext, "settings" | "listeners"> = {
    stack,
    host: host.name,
    clusterName: host.place.clusterName,
    group: host.group,
    role: host.role.name,
    network,
    hardware: host.hardware,
    ...memoryOf(host, around),
    place,
    peers,
    ...birthOf(network, around.hosts),
    ...producerOf(host),
    ...turnOf(host, around),
    ...balancedBy(host, around),
    ...(names && services.some(({ service }) => service.answersNames) ? { zone: names } : {}),
    publicNames: (names?.records ?? [])
      .filter(({ hosts }) => hosts.includes(host.name))
      .map(({ name }) => name),
    brings: (program) => releaseOf(around.releases, program) !== undefined,
    listenersOf: (wanted) =>
      services.filter(({ service }) => service.name === wanted).flatMap(({ listeners }) => listeners),
    elsewhere: (service, listener) => chosen.elsewhere(host, service, listener),
    hostsOf: (service) => chosen.running(host, service),
    scraped: chosen.scraped,
    stackServices: chosen.names,
  };
  return services.flatMap(({ service, settings, listeners }) =>
    service
      .plan({ ...shared, settings, listeners })
      .map((plan) => (service.onEvm && network.evm?.isAwaited ? { ...plan, waits: GENESIS_TO_COME } : plan)),
  );
}

/** Where nobody sells the machine and floors hold, it is looked at before its first change: it has the floor at least. */
function memoryOf({ place, hardware, belowFloor }: PlacedHost, { config, registry }: Surroundings) {
  const { floors } = named(registry.targets, config.target.name).traits;
  const isFloored = floors && belowFloor === undefined;
  const memory = place.has?.memory ?? (isFloored ? hardware.memory : undefined);
  return memory === undefined ? {} : { memory };
}

function producerOf({ name: host, config }: PlacedHost) {
  if (config.producer === undefined) return {};
  const signingKey = signingKeyOf(host, config);
  return { producer: { name: config.producer, ...(signingKey === undefined ? {} : { signingKey }) } };
}

/** The group in which it takes turns, if it does. */
function turnOf({ group }: PlacedHost, { failover }: Surroundings) {
  const found = failover?.groups.find((each) => each.group === group);
  return found ? { failover: found } : {};
}

/** Members of a pool alone stand behind a balancer of the target. */
function balancedBy({ size }: PlacedHost, { config, registry }: Surroundings) {
  const target = named(registry.targets, config.target.name);
  const balancer = size && target.balancer?.(config.target.config);
  return balancer ? { balancer } : {};
}

/** The hosts of the stack that a role peers with, by name; seeds also join the peers outside. */
function peersOf(host: PlacedHost, { chosen, config, network, relays }: Surroundings): PeerPlan {
  const inside = chosen
    .elsewhere(host, "nodeos", "p2p", host.role.peersWith)
    .map(({ name, port }) => `${name}:${port}`);
  if (host.role.name !== "seed") return { always: [...new Set(inside)], others: [], dnsSeeds: [] };
  const always = [...new Set([...inside, ...config.peers, ...relays])];
  const others = network.knownPeers.filter((peer) => !always.includes(peer));
  return { always, others: [...new Set(others)], dnsSeeds: config.dnsSeeds };
}

/** The genesis names one key: that of the first host of its producer. */
function birthOf({ birth }: ChainNetwork, hosts: readonly PlacedHost[]) {
  if (!birth) return {};
  const first = hosts.find(({ config }) => config.producer === birth.producer);
  const initialKey = (first && signingKeyOf(first.name, first.config)) ?? KEY_TO_COME;
  return { birth: { timestamp: birth.timestamp, initialKey } };
}

import { named, type Registry } from "../config/registry";
import type { HostConfig, Settings, StackConfig } from "../config/schema";
import { planFirewall } from "../network/firewall";
import { exposedAs, tcp } from "../network/listener";
import type { ChainNetwork } from "../networks/network";
import { type Release, releasesFor } from "../releases";
import type { Place, Remote, Service, ServiceContext, ServicePlan } from "../services/service";
import type { ZonePlan } from "./dns";
import type { PlacedHost } from "./place-hosts";
import type { HostPlan } from "./plan";

/** The signing key that the genesis names, before an operator (or the lab) has made one. */
export const KEY_TO_COME = "made before the first up";

/** The rest of the stack, as one host sees it. */
export interface Surroundings {
  stack: string;
  config: StackConfig;
  releases: Release[];
  network: ChainNetwork;
  registry: Registry;
  hosts: readonly PlacedHost[];
  names: ZonePlan | undefined;
  /** Public relays of other stacks. */
  relays: readonly string[];
}

export function planHost(host: PlacedHost, around: Surroundings): HostPlan {
  const { name, group, role, hardware, place } = host;
  const { config, registry, hosts } = around;
  const target = named(registry.targets, config.target.name);
  const services = planServices(host, around);
  const listeners = [tcp("ssh", 22, "admin"), ...services.flatMap((service) => service.listeners)];
  const through = place.addresses.public === "none" ? doorOf(hosts) : undefined;
  return {
    name,
    group,
    role: role.name,
    summary: role.summary,
    hardware,
    ...(host.config.belowFloor === undefined ? {} : { belowFloor: host.config.belowFloor }),
    ...place,
    ...(through === undefined ? {} : { reachedThrough: through }),
    ...producerOf(host.config),
    peers: peersOf(host, around),
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
function planServices(host: PlacedHost, around: Surroundings): ServicePlan[] {
  const { config, network, stack, names, hosts } = around;
  const place = placeOf(host, around);
  const chosen = servicesOf(host, place, around);
  const shared: Omit<ServiceContext, "settings" | "listeners"> = {
    stack,
    host: host.name,
    group: host.group,
    role: host.role.name,
    network,
    hardware: host.hardware,
    place,
    peers: peersOf(host, around),
    ...birthOf(network, config),
    ...producerOf(host.config),
    ...(names && chosen.some(({ service }) => service.answersNames) ? { zone: names } : {}),
    listenersOf: (wanted) =>
      chosen.filter(({ service }) => service.name === wanted).flatMap(({ listeners }) => listeners),
    elsewhere: (service, listener) =>
      hosts.filter((other) => other !== host).flatMap((other) => remotes(other, service, listener, around)),
  };
  return chosen.flatMap(({ service, settings, listeners }) =>
    service.plan({ ...shared, settings, listeners }),
  );
}

interface Chosen {
  service: Service;
  settings: unknown;
  listeners: ReturnType<Service["listeners"]>;
}

const servicesOf = (host: PlacedHost, place: Place, { config, registry }: Surroundings): Chosen[] =>
  place.services.map((each) => {
    const service = named(registry.services, each);
    const settings = settingsOf(service, host.config, config);
    return { service, settings, listeners: exposedAs(service.listeners(settings, place), host.role.exposes) };
  });

/** What the role asks for, without what this host must not run. */
function placeOf(host: PlacedHost, { config, registry, names, hosts, network }: Surroundings): Place {
  const { scaling, names: answeredBy } = named(registry.targets, config.target.name).traits;
  const isRun = (name: string) => {
    const { keyed, onEvm, answersNames } = named(registry.services, name);
    if ((keyed && host.size) || (onEvm && !network.evm)) return false;
    return !answersNames || (answeredBy === "hosts" && names !== undefined);
  };
  return {
    role: host.role.name,
    services: host.role.services.filter(isRun),
    shares: !scaling && host.role.scales && host.config.count !== undefined,
    writesForOthers: hosts.some(({ size }) => size !== undefined),
  };
}

/** That listener of that service on another fixed host; nothing where it runs none. */
function remotes(other: PlacedHost, service: string, listener: string, around: Surroundings): Remote[] {
  if (other.size) return [];
  return servicesOf(other, placeOf(other, around), around)
    .filter((each) => each.service.name === service)
    .flatMap(({ listeners }) => listeners)
    .filter(({ name }) => name === listener)
    .map(({ port }) => ({
      host: other.name,
      group: other.group,
      role: other.role.name,
      name: other.place.clusterName,
      port,
    }));
}

/** The settings of a service on a host: its own, over those of the stack, over the defaults. */
const settingsOf = ({ name, settings }: Service, host: HostConfig, config: StackConfig): unknown =>
  settings.parse(merge(config.services[name] ?? {}, host.services[name] ?? {}));

/** Settings of a host over those of the stack; maps join, all else replaces. */
function merge(under: Settings, over: Settings): Settings {
  const isMap = (value: unknown): value is Settings =>
    value !== null && typeof value === "object" && !Array.isArray(value);
  const joined = Object.entries(over).map(([key, value]) => {
    const below = under[key];
    return [key, isMap(value) && isMap(below) ? merge(below, value) : value];
  });
  return { ...under, ...Object.fromEntries(joined) };
}

const producerOf = ({ producer, signingKey }: HostConfig) =>
  producer === undefined
    ? {}
    : { producer: { name: producer, ...(signingKey === undefined ? {} : { signingKey }) } };

/** The hosts of the stack that a role peers with, by name; seeds also join the peers outside. */
function peersOf(host: PlacedHost, around: Surroundings): string[] {
  const { hosts, config, network, relays } = around;
  const inside = hosts
    .filter((other) => other !== host && host.role.peersWith.includes(other.role.name))
    .flatMap((other) => remotes(other, "nodeos", "p2p", around))
    .map(({ name, port }) => `${name}:${port}`);
  const outside = host.role.name === "seed" ? [...config.peers, ...network.knownPeers, ...relays] : [];
  return [...new Set([...inside, ...outside])];
}

function birthOf({ birth }: ChainNetwork, config: StackConfig) {
  if (!birth) return {};
  const first = Object.values(config.hosts).find(({ producer }) => producer === birth.producer);
  return { birth: { timestamp: birth.timestamp, initialKey: first?.signingKey ?? KEY_TO_COME } };
}

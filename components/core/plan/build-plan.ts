import { named, networkNamed, type Registry } from "../config/registry";
import type { HostConfig, Settings, StackConfig } from "../config/schema";
import { planFirewall } from "../network/firewall";
import { tcp } from "../network/listener";
import type { ChainNetwork } from "../networks/network";
import { type Release, releaseOf, releasesFor } from "../releases";
import type { Service, ServiceContext, ServicePlan } from "../services/service";
import type { Endpoint, HostPlan, Plan, PlanInput, StandIn } from "./plan";

/** The signing key that the genesis names, before an operator (or the lab) has made one. */
export const KEY_TO_COME = "made before the first up";

/** Fixes everything a stack shall be. Pure: the same input gives the same plan, on any machine. */
export function buildPlan({ stack, config, releases }: PlanInput, registry: Registry): Plan {
  const target = named(registry.targets, config.target.name);
  const network = chain(networkNamed(registry, config.network), config);
  const hosts = hostNames(config).map((each) =>
    planHost(each, { stack, config, releases, network, registry }),
  );
  return {
    stack,
    network,
    target: { name: target.name, summary: target.summary, config: config.target.config },
    mirror: target.mirror(config.target.config),
    sshKeys: config.sshKeys,
    protect: config.protect,
    hosts,
    endpoints: hosts.flatMap((host) => endpointsOf(host, config, registry)),
    standIns: hosts.flatMap(standInsOf),
  };
}

interface NamedHost {
  name: string;
  group: string;
  config: HostConfig;
}

/** One host for a plain entry, `<key>-1` … for a counted one. */
export const hostNames = (config: StackConfig): NamedHost[] =>
  Object.entries(config.hosts).flatMap(([group, host]) =>
    host.count === undefined
      ? [{ name: group, group, config: host }]
      : Array.from({ length: host.count }, (_, index) => ({
          name: `${group}-${index + 1}`,
          group,
          config: host,
        })),
  );

interface Surroundings {
  stack: string;
  config: StackConfig;
  releases: Release[];
  network: ChainNetwork;
  registry: Registry;
}

function planHost({ name, group, config: host }: NamedHost, around: Surroundings): HostPlan {
  const { registry, stack, config } = around;
  const role = named(registry.roles, host.role);
  const target = named(registry.targets, config.target.name);
  const { addresses, clusterName, machine } = target.place(config.target.config, { stack, host: name });
  const peers = peersOf(name, host, around);
  const services = planServices(name, host, peers, around);
  const listeners = [tcp("ssh", 22, "admin"), ...services.flatMap((service) => service.listeners)];
  return {
    name,
    group,
    role: role.name,
    summary: role.summary,
    hardware: role.hardware,
    machine,
    addresses,
    clusterName,
    ...producerOf(host),
    peers,
    services,
    listeners,
    firewall: planFirewall(listeners, target.zones(config.target.config)),
    releases: releasesFor(
      around.releases,
      services.flatMap(({ programs }) => programs),
    ),
    secrets: [...new Set(services.flatMap(({ secrets }) => secrets ?? []))],
  };
}

function planServices(name: string, host: HostConfig, peers: string[], around: Surroundings): ServicePlan[] {
  const { config, registry, network, stack } = around;
  const role = named(registry.roles, host.role);
  const chosen = role.services.map((each) => {
    const service = named(registry.services, each);
    return { service, settings: settingsOf(service, host, config) };
  });
  const shared: Omit<ServiceContext, "settings"> = {
    stack,
    host: name,
    role: role.name,
    network,
    peers,
    ...birthOf(network, config),
    ...producerOf(host),
    listenersOf: (wanted) =>
      chosen
        .filter(({ service }) => service.name === wanted)
        .flatMap(({ service, settings }) => service.listeners(settings, role.name)),
  };
  return chosen.flatMap(({ service, settings }) => service.plan({ ...shared, settings }));
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
function peersOf(name: string, host: HostConfig, { config, registry, stack }: Surroundings): string[] {
  const { peersWith } = named(registry.roles, host.role);
  const target = named(registry.targets, config.target.name);
  const inside = hostNames(config)
    .filter((other) => other.name !== name && peersWith.includes(other.config.role))
    .flatMap((other) => {
      const service = named(registry.services, "nodeos");
      const listeners = service.listeners(settingsOf(service, other.config, config), other.config.role);
      const p2p = listeners.find((listener) => listener.name === "p2p");
      const { clusterName } = target.place(config.target.config, { stack, host: other.name });
      return p2p ? [`${clusterName}:${p2p.port}`] : [];
    });
  return [...inside, ...(host.role === "seed" ? config.peers : [])];
}

/** The chain, with the accounts that this stack's genesis adds. */
function chain(network: ChainNetwork, { evm }: StackConfig): ChainNetwork {
  const given = Object.entries(evm.alloc).map(([account, wei]) => [
    account,
    { balance: `0x${BigInt(wei).toString(16)}` },
  ]);
  const { alloc } = network.evm.genesis;
  const genesis = { ...network.evm.genesis, alloc: { ...(alloc as object), ...Object.fromEntries(given) } };
  return { ...network, evm: { ...network.evm, genesis } };
}

function birthOf({ birth }: ChainNetwork, config: StackConfig) {
  if (!birth) return {};
  const first = Object.values(config.hosts).find(({ producer }) => producer === birth.producer);
  return { birth: { timestamp: birth.timestamp, initialKey: first?.signingKey ?? KEY_TO_COME } };
}

function endpointsOf(host: HostPlan, config: StackConfig, registry: Registry): Endpoint[] {
  const target = named(registry.targets, config.target.name);
  return host.services.flatMap((service) =>
    service.listeners.flatMap(({ name, exposure }) => {
      const url = exposure === "loopback" ? undefined : target.endpoint(config.target.config, host, name);
      return url === undefined ? [] : [{ name: service.service, host: host.name, listener: name, url }];
    }),
  );
}

const standInsOf = (host: HostPlan): StandIn[] =>
  host.services.flatMap(({ unit, programs }) =>
    programs.flatMap((program) => {
      const release = releaseOf(host.releases, program);
      return release?.standIn === undefined
        ? []
        : [{ host: host.name, service: unit, release: release.name, reason: release.standIn }];
    }),
  );

import { named, type Registry } from "../config/registry";
import type { HostConfig, Settings, StackConfig } from "../config/schema";
import type { FailoverPlan } from "../failover/plan";
import { type Exposure, exposedAs, type Listener } from "../network/listener";
import type { ChainNetwork } from "../networks/network";
import type { Place, Remote, Scraped, Service } from "../services/service";
import type { ZonePlan } from "./dns";
import type { PlacedHost } from "./place-hosts";

/** A service of one host, before it is planned. */
export interface ChosenService {
  service: Service;
  settings: unknown;
  listeners: Listener[];
}

/** What every host of a stack runs and listens on. */
export interface ChosenServices {
  of(host: PlacedHost): { place: Place; services: ChosenService[] };
  /** That listener of that service on every fixed host but this one, in the stack's order. `roles` default to all. */
  elsewhere(host: PlacedHost, service: string, listener: string, roles?: readonly string[]): Remote[];
  /** Every fixed host but this one that runs that service. */
  running(host: PlacedHost, service: string): Omit<Remote, "port" | "exposure">[];
  /** Every listener of the fixed hosts that tells metrics, by service, each in the stack's order. */
  scraped: readonly Scraped[];
  /** The names of all services that are run, each once. */
  names: readonly string[];
}

interface Stack {
  config: StackConfig;
  registry: Registry;
  network: ChainNetwork;
  hosts: readonly PlacedHost[];
  names: ZonePlan | undefined;
  failover: FailoverPlan | undefined;
}

/** Chooses the services of all hosts. In one pass: asked for each pair of hosts, a thousand of them would take minutes. */
export function chooseServices(stack: Stack): ChosenServices {
  const writesForOthers = stack.hosts.some(({ size }) => size !== undefined);
  const chosen = new Map(
    stack.hosts.map((host) => {
      const place = { ...placeOf(host, stack), writesForOthers };
      return [host, { place, services: servicesOf(host, place, stack) }] as const;
    }),
  );
  const listening = listeningOn(chosen);
  return {
    scraped: scrapedOf(chosen),
    names: [...new Set([...chosen.values()].flatMap(({ place }) => place.services))],
    of: (host) => {
      const found = chosen.get(host);
      if (!found) throw new Error(`${host.name} is no host of the stack`);
      return found;
    },
    running: ({ name }, service) =>
      [...chosen].flatMap(([host, { place }]) => {
        const { port: _, exposure: __, ...remote } = remoteOf(host, 0, "cluster");
        return !host.size && host.name !== name && place.services.includes(service) ? [remote] : [];
      }),
    elsewhere: ({ name }, service, listener, roles) =>
      (listening.get(`${service}/${listener}`) ?? []).filter(
        ({ host, role }) => host !== name && (roles?.includes(role) ?? true),
      ),
  };
}

/** Every listener of the fixed hosts, by `service/listener`. */
function listeningOn(chosen: ReadonlyMap<PlacedHost, { services: readonly ChosenService[] }>) {
  const listening = new Map<string, Remote[]>();
  for (const [host, { services }] of chosen) {
    if (host.size) continue;
    for (const { service, listeners } of services)
      for (const { name, port, exposure } of listeners) {
        const key = `${service.name}/${name}`;
        listening.set(key, listening.get(key) ?? []);
        listening.get(key)?.push(remoteOf(host, port, exposure));
      }
  }
  return listening;
}

/** A pool's members come and go without names of their own: their balancer watches them. */
const scrapedOf = (chosen: ReadonlyMap<PlacedHost, { services: readonly ChosenService[] }>): Scraped[] =>
  [...chosen].flatMap(([host, { services }]) =>
    host.size
      ? []
      : services.flatMap(({ service, listeners }) =>
          listeners
            .filter(({ scraped }) => scraped)
            .flatMap(({ port, exposure, scraped }) =>
              (Array.isArray(scraped) ? (scraped as string[]) : [undefined]).map((path) => ({
                service: service.name,
                ...remoteOf(host, port, exposure),
                ...(path === undefined ? {} : { path }),
              })),
            ),
        ),
  );

const remoteOf = ({ name, group, role, place }: PlacedHost, port: number, exposure: Exposure): Remote => ({
  host: name,
  group,
  role: role.name,
  name: place.clusterName,
  port,
  exposure,
});

/** What the role asks for, without what this host must not run. */
function placeOf(
  { name: host, role, size, config: { count } }: PlacedHost,
  { config, registry, names, network, hosts, failover: turns }: Stack,
): Omit<Place, "writesForOthers"> {
  const { scaling, names: answeredBy } = named(registry.targets, config.target.name).traits;
  const isRun = (name: string) => {
    const { keyed, onEvm, answersNames, needs, failover } = named(registry.services, name);
    if (failover && !partsOf(host, turns).includes(failover)) return false;
    if ((keyed && size) || (onEvm && !network.evm)) return false;
    if (needs !== undefined && !hosts.some((each) => each.role.services.includes(needs))) return false;
    return !answersNames || (answeredBy === "hosts" && names !== undefined);
  };
  return {
    role: role.name,
    services: role.services.filter(isRun),
    shares: !scaling && role.scales && count !== undefined,
  };
}

/** What a host has to do with the failover of the stack's producers. */
const partsOf = (host: string, failover: FailoverPlan | undefined): string[] =>
  (failover?.members ?? [])
    .filter((member) => member.host === host)
    .flatMap(({ witness }) => (witness ? ["member"] : ["member", "candidate"]));

const servicesOf = (host: PlacedHost, place: Place, { config, registry }: Stack): ChosenService[] =>
  place.services.map((each) => {
    const service = named(registry.services, each);
    const settings = settingsOf(service, host.config, config);
    return { service, settings, listeners: exposedAs(service.listeners(settings, place), host.role.exposes) };
  });

/** The settings of a service on a host: its own, over those of the stack, over the defaults. */
export const settingsOf = (
  { name, settings }: Service,
  host: Pick<HostConfig, "services">,
  config: Pick<StackConfig, "services">,
): unknown => settings.parse(merge(config.services[name] ?? {}, host.services[name] ?? {}));

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

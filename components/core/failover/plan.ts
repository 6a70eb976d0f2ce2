import type { HostConfig } from "../config/schema";
import type { PlacedHost } from "../plan/place-hosts";
import type { FailoverTiming } from "./settings";
import { DEFAULT_TIMING } from "./timing";

/** How the producers of a stack take turns: who may, and whose word decides. */
export interface FailoverPlan {
  /** Hosts that run a member of etcd: the validators of every group first, then the witnesses. */
  members: Member[];
  groups: FailoverGroup[];
}

export interface Member {
  host: string;
  /** What fails together with it. Absent where nobody says. */
  domain?: string;
  /** Whether it only votes. */
  witness: boolean;
}

/** Hosts that produce as one account, one at a time. */
export interface FailoverGroup {
  /** Key of its entry in the stack file. */
  group: string;
  producer: string;
  hosts: Candidate[];
  /** One of `hosts`, unless the stack file names another. */
  primary: string;
  timing: FailoverTiming;
  minimumPeers: number;
  diskFloorPercent: number;
}

export interface Candidate {
  name: string;
  /** Public half of its own signing key. Absent before it was made. */
  key?: string;
  domain?: string;
}

/** The service that votes. */
export const ETCD = "etcd";

/** Who is asked first to witness: hosts whose loss is told soonest, then those that do the least for the world. */
const WITNESS_ROLES = ["monitor", "backup", "archive", "seed"];

/** Whether hosts of an entry are to take turns. More than one is, and one of which the stack file says so (a mistake). */
export const takesTurns = ({ producer, failover, count }: HostConfig): boolean =>
  producer !== undefined &&
  failover?.none === undefined &&
  (failover !== undefined || (typeof count === "number" && count > 1));

/** The public key that a host of an entry signs with. */
export const signingKeyOf = (host: string, { signingKey, signingKeys }: HostConfig): string | undefined =>
  signingKeys?.[host] ?? signingKey;

/**
 * Undefined where no group takes turns. `alone` says whether each host is a failure domain of its own where the target
 * names none: a lab, in which all is one machine.
 */
export function planFailover(hosts: readonly PlacedHost[], alone: boolean): FailoverPlan | undefined {
  const candidates = hosts.filter(({ config }) => takesTurns(config));
  if (candidates.length === 0) return undefined;
  const given = Object.assign(
    {},
    ...candidates.map(({ config }) => config.failover?.domains ?? {}),
  ) as Record<string, string>;
  const domainOf = ({ name, place }: PlacedHost) => given[name] ?? place.zone ?? (alone ? name : undefined);
  const withDomain = (host: PlacedHost) => {
    const domain = domainOf(host);
    return domain === undefined ? {} : { domain };
  };
  const voters = candidates.map((host) => ({ host: host.name, ...withDomain(host), witness: false }));
  const witnesses = chooseWitnesses(hosts, candidates, domainOf);
  return {
    members: [
      ...voters,
      ...witnesses.map((host) => ({ host: host.name, ...withDomain(host), witness: true })),
    ],
    groups: [...new Set(candidates.map(({ group }) => group))].map((group) =>
      planGroup(
        group,
        candidates.filter((each) => each.group === group),
        withDomain,
      ),
    ),
  };
}

function planGroup(
  group: string,
  hosts: readonly PlacedHost[],
  withDomain: (host: PlacedHost) => { domain?: string },
): FailoverGroup {
  const [first] = hosts;
  if (!first?.config.producer) throw new Error(`group ${group} has no producer`);
  const { failover, producer } = first.config;
  return {
    group,
    producer,
    hosts: hosts.map((host) => {
      const key = signingKeyOf(host.name, host.config);
      return { name: host.name, ...(key === undefined ? {} : { key }), ...withDomain(host) };
    }),
    primary: failover?.primary ?? first.name,
    timing: { ...DEFAULT_TIMING, ...definedOf(failover?.timing ?? {}) },
    minimumPeers: failover?.minimumPeers ?? 1,
    diskFloorPercent: failover?.diskFloorPercent ?? 11,
  };
}

const definedOf = (values: object): Partial<FailoverTiming> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Those that the stack file names; else as many as make three or five of them, none where another member is. */
function chooseWitnesses(
  hosts: readonly PlacedHost[],
  candidates: readonly PlacedHost[],
  domainOf: (host: PlacedHost) => string | undefined,
): PlacedHost[] {
  const named = candidates.flatMap(({ config }) => config.failover?.witnesses ?? []);
  const others = hosts.filter(
    (host) => host.size === undefined && !candidates.includes(host) && host.role.services.includes(ETCD),
  );
  if (named.length > 0) return others.filter(({ name }) => named.includes(name));
  const taken = new Set(candidates.map(domainOf));
  const wanted = (candidates.length <= 3 ? 3 : 5) - candidates.length;
  const ranked = WITNESS_ROLES.flatMap((role) => others.filter((host) => host.role.name === role));
  const free = ranked.filter((host) => {
    const domain = domainOf(host);
    if (domain === undefined || taken.has(domain)) return false;
    taken.add(domain);
    return true;
  });
  return free.slice(0, Math.max(0, wanted));
}

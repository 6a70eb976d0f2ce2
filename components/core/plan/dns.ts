import type { StackConfig } from "../config/schema";
import type { Address } from "../network/address";
import { type AddressRef, plannedAddress } from "../network/address-ref";

/** The names of a stack in the operator's own domain. */
export interface ZonePlan {
  /** `nodes.example.org`: delegated to the name servers that the stack tells of. */
  domain: string;
  /** Seconds that a resolver may keep an answer. Short, so that a moved address is found soon. */
  ttl: number;
  records: NameRecord[];
  /** The name servers, where the stack's own hosts answer: `ns1.nodes.example.org` …. Else empty. */
  servers: NameRecord[];
}

/** One name, for IPv4 and, where the host has it, IPv6. */
export interface NameRecord {
  /** Whole: `seed1.nodes.example.org`. */
  name: string;
  /** Hosts whose public addresses it answers with. */
  hosts: string[];
  /** Pool whose balancer it answers with. */
  pool?: string;
  /** Those addresses, as far as the plan fixes them. */
  addresses: Address[];
}

/** A host or pool, as far as its name goes. */
export interface Nameable {
  name: string;
  role: string;
  isPool: boolean;
  address: AddressRef;
}

/**
 * `seed1` … `seedN` over the seed hosts, in turn; `rpc` over the public endpoints; `archive` and `status`. Seeds take
 * names, not addresses, into the world: a host can be replaced and every peer finds the new one.
 */
export function planNames(
  config: Pick<StackConfig, "domain" | "dns">,
  hosts: readonly Nameable[],
  answeredBy: "service" | "hosts",
): ZonePlan | undefined {
  const { domain, dns } = config;
  if (domain === undefined) return undefined;
  // A pool is reached at its balancer: what address its members have says nothing.
  const ofRole = (role: string) =>
    hosts.filter((host) => host.role === role && (host.isPool || host.address !== "none"));
  const record = (label: string, them: readonly Nameable[]): NameRecord => ({
    name: `${label}.${domain}`,
    hosts: them.map(({ name }) => name),
    addresses: them.flatMap(({ address }) => plannedAddress(address) ?? []),
  });
  const over = (label: string, them: readonly Nameable[]): NameRecord[] => {
    const pool = them.find(({ isPool }) => isPool);
    if (pool) return [{ ...record(label, []), pool: pool.name }];
    return them.length === 0 ? [] : [record(label, them)];
  };
  const seeds = ofRole("seed");
  const each = (label: string, count: number): NameRecord[] =>
    seeds.length === 0
      ? []
      : Array.from({ length: count }, (_, index) =>
          record(`${label}${index + 1}`, seeds.slice(index % seeds.length, (index % seeds.length) + 1)),
        );
  return {
    domain,
    ttl: dns.ttl,
    records: [
      ...each("seed", Math.max(dns.seeds, seeds.length)),
      ...over("rpc", ofRole("rpc")),
      ...over("archive", ofRole("archive")),
      ...over("status", ofRole("monitor")),
    ],
    servers: answeredBy === "hosts" ? each("ns", Math.min(seeds.length, 4)) : [],
  };
}

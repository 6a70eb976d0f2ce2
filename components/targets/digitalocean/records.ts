import type { ZonePlan } from "../../core/plan/dns";
import type { Plan } from "../../core/plan/plan";

/** DigitalOcean's name servers, the same for every domain. */
export const NAME_SERVERS = ["ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"];

/** One name and whose address it answers with. Hosts have IPv6 too. */
export interface RecordArgs {
  /** Unique, for the engine: `seed1-seed-a`. */
  key: string;
  /** Relative to the domain: `seed1.nodes`. */
  name: string;
  answers: { host: string; address: "public" | "cluster" } | { pool: string };
}

/** The names that the plan gives, and one for each host in the cluster, relative to the domain of the account. */
export function renderRecords({ hosts }: Pick<Plan, "hosts">, names: ZonePlan, existing: string | undefined) {
  const domain = existing ?? names.domain;
  const relative = (name: string) => name.slice(0, -domain.length - 1);
  const label = (name: string) => name.slice(0, -names.domain.length - 1);
  const outside = names.records.flatMap(({ name, hosts: them, pool }): RecordArgs[] => [
    ...them.map((host) => ({
      key: `${label(name)}-${host}`,
      name: relative(name),
      answers: { host, address: "public" as const },
    })),
    ...(pool === undefined
      ? []
      : [{ key: `${label(name)}-${pool}`, name: relative(name), answers: { pool } }]),
  ]);
  const inside = hosts.map(
    ({ name, clusterName }): RecordArgs => ({
      key: `cluster-${name}`,
      name: relative(clusterName),
      answers: { host: name, address: "cluster" },
    }),
  );
  return { domain, existing: existing !== undefined, ttl: names.ttl, records: [...outside, ...inside] };
}

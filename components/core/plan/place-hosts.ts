import type { Placement } from "../../targets/target";
import { error, type Finding } from "../config/finding";
import { named, type Registry } from "../config/registry";
import type { HostConfig, StackConfig } from "../config/schema";
import type { Hardware } from "../hardware/hardware";
import type { ChainNetwork } from "../networks/network";
import type { Role } from "../roles/role";
import { planHardware } from "./plan-hardware";

/** A host, or a pool's member, with the place it has. */
export interface PlacedHost {
  name: string;
  group: string;
  config: HostConfig;
  role: Role;
  hardware: Hardware;
  /** Why it may have less than its role's floor. Absent where it has no less. */
  belowFloor?: string;
  place: Placement;
  /** Set for a pool: how many of it there may be. */
  size?: { min: number; max: number };
}

/** A host as the stack file names it. */
export type Entry = Pick<PlacedHost, "name" | "group" | "config" | "size"> & { index: number };

/** Gives every host of the stack its machine and its place; a host for which there is none is a finding instead. */
export function placeHosts(
  stack: string,
  config: StackConfig,
  network: ChainNetwork,
  registry: Registry,
): { placed: PlacedHost[]; findings: Finding[] } {
  const target = named(registry.targets, config.target.name);
  const findings: Finding[] = [];
  const placed = entriesOf(config, registry).flatMap((entry) => {
    const role = named(registry.roles, entry.config.role);
    const { findings: found, ...floor } = planHardware(entry, role, network, target.traits);
    findings.push(...found);
    const { name, group, index, size, config: wishes } = entry;
    const asked = { stack, host: name, group, index, role, hardware: floor.hardware, wishes };
    const needs = { ...asked, pooled: size !== undefined, domain: config.domain };
    const result = target.place(config.target.config, needs);
    if ("placement" in result) return [{ ...entry, ...floor, role, place: result.placement }];
    findings.push(error(`hosts.${group}${result.key === undefined ? "" : `.${result.key}`}`, result.problem));
    return [];
  });
  return { placed, findings: unique(findings) };
}

/** One host for a plain entry, `<key>-1` … for a counted one, one pool where the cloud makes them itself. */
export function entriesOf(config: StackConfig, registry: Registry): Entry[] {
  const { scaling } = named(registry.targets, config.target.name).traits;
  return Object.entries(config.hosts).flatMap(([group, host]): Entry[] => {
    const { count } = host;
    if (count === undefined) return [{ name: group, group, config: host, index: 0 }];
    const size = typeof count === "number" ? { min: count, max: count } : count;
    if (scaling && named(registry.roles, host.role).scales)
      return [{ name: group, group, config: host, index: 0, size }];
    return Array.from({ length: size.min }, (_, index) => ({
      name: `${group}-${index + 1}`,
      group,
      config: host,
      index,
    }));
  });
}

/** Hosts of one group have the same mistake; it is said once. */
const unique = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [`${finding.path}\t${finding.message}`, finding])).values(),
];

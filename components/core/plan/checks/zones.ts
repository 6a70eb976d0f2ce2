import { error } from "../../config/finding";
import { isZone } from "../zone";
import type { Check } from "./index";

/** A zone that a host asks for must be one of those that the stack stands in. */
export const checkZones: Check = ({ plan, config }) => {
  const known = [...new Set(plan.hosts.flatMap(({ zone }) => zone ?? []))];
  return Object.entries(config.hosts).flatMap(([group, { zone }]) => {
    if (zone === undefined) return [];
    const them = plan.hosts.filter((host) => host.group === group);
    if (them.length > 0 && them.every((host) => host.zone !== undefined && isZone(host.zone, zone)))
      return [];
    return [
      error(
        `hosts.${group}.zone`,
        known.length === 0
          ? `${plan.target.name} does not spread hosts over zones: leave it out`
          : `"${zone}" is no zone of the stack, or the group is a pool, which stands in all of them. Zones: ${known.join(", ")}; more are named under target.${plan.target.name}`,
      ),
    ];
  });
};

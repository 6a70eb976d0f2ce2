import { warning } from "../../config/finding";
import type { Plan } from "../plan";
import type { Check } from "./index";

/** One thing whose loss takes something with it that nothing else of the stack gives. */
export interface SinglePoint {
  /** Where the stack file says it: `hosts.history`. */
  path: string;
  what: string;
}

/** Every single point of failure of a plan: roles that one host serves, groups in one failure domain. */
export function singlePoints(plan: Plan): SinglePoint[] {
  const roles = [...new Set(plan.hosts.map(({ role }) => role))];
  const alone = roles.flatMap((role) => {
    const [host, ...others] = plan.hosts.filter((each) => each.role === role);
    return host && others.length === 0 && !isPooled(plan, role)
      ? [{ path: `hosts.${host.group}`, what: `${host.name} is the only ${role}: ${host.summary}` }]
      : [];
  });
  const writers = plan.hosts.filter(({ services }) =>
    services.some(({ service }) => service === "tx-wrapper"),
  );
  const [writer] = writers;
  const lonelyWriter =
    plan.pools.length > 0 && writer && writers.length === 1
      ? [{ path: `hosts.${writer.group}`, what: `${writer.name} alone takes writes to the chain` }]
      : [];
  return [...alone, ...lonelyWriter, ...sameDomain(plan), ...smallPools(plan)];
}

const isPooled = ({ pools }: Plan, role: string): boolean => pools.some(({ member }) => member.role === role);

/** Several hosts of a role, all in one zone: one power cut takes them all. */
function sameDomain(plan: Plan): SinglePoint[] {
  return [...new Set(plan.hosts.map(({ role }) => role))].flatMap((role) => {
    const them = plan.hosts.filter((each) => each.role === role);
    const [first] = them;
    const zones = new Set(them.map(({ zone }) => zone));
    if (first?.zone === undefined || them.length === 1 || zones.size > 1) return [];
    const groups = new Set(them.map(({ group }) => group));
    const who = isPooled(plan, role) ? `${role} outside the pools` : role;
    const remedy = groups.size > 1 ? ": hosts of one group, with a count, are spread over zones" : "";
    return [{ path: `hosts.${first.group}`, what: `every ${who} is in ${first.zone}${remedy}` }];
  });
}

const smallPools = ({ pools }: Plan): SinglePoint[] =>
  pools
    .filter(({ min }) => min === 1)
    .map(({ name, max }) => ({
      path: `hosts.${name}.count`,
      what: max === 1 ? `${name} is a pool of one host` : `${name} may shrink to one host`,
    }));

/** On targets that people depend on, each is said; a lab on one machine is one single point itself. */
export const checkSinglePoints: Check = ({ plan }) =>
  plan.target.traits.floors
    ? singlePoints(plan).map(({ path, what }) => warning(path, `single point of failure: ${what}`))
    : [];

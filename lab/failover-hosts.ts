import { UserError } from "../components/core/config/finding";
import type { Plan } from "../components/core/plan/plan";

/**
 * Hosts of the group that an order is about, any of which can be told it: those that it does not concern first, since it may
 * be down. Throws a `UserError` where there is no such group or host, or more than one that could be meant.
 */
export function inTurn({ failover, stack }: Pick<Plan, "failover" | "stack">, host?: string): string[] {
  const groups = failover?.groups ?? [];
  if (groups.length === 0)
    throw new UserError(`no validators of "${stack}" take turns: give one of them a count of 2 or more`);
  const names = groups.map(({ group, hosts }) => ({ group, hosts: hosts.map(({ name }) => name) }));
  if (host !== undefined) {
    const meant = names.find(({ hosts }) => hosts.includes(host));
    if (!meant)
      throw new UserError(
        `"${host}" takes no turns. ${names.map(({ group, hosts }) => `${group}: ${hosts.join(", ")}`).join("; ")}`,
      );
    return [...meant.hosts.filter((name) => name !== host), host];
  }
  const [only, ...more] = names;
  if (!only || more.length > 0)
    throw new UserError(
      `there are several groups: ${names.map(({ group }) => group).join(", ")}; name a host`,
    );
  return only.hosts;
}

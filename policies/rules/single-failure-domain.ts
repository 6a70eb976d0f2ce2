import type { Machine } from "../graph";
import { type Rule, violation } from "../rule";

export const singleFailureDomain: Rule = {
  id: "single-failure-domain",
  level: "mandatory",
  title: "hosts of one role do not all stand in one failure domain",
  reason: "the second host is there for the day on which the first one's data centre fails",
  remedy: "spread them: more zones under target.<name>.zones, or a zone of its own for one of the hosts",
  check: ({ machines }) =>
    roles(machines).flatMap(({ role, them }) => {
      const zones = new Set(them.flatMap(({ zones }) => zones));
      const count = them.reduce((sum, each) => sum + each.count, 0);
      const [first] = them;
      return first && count > 1 && zones.size === 1
        ? [violation(first.resource, `all ${count} hosts of the role ${role} stand in ${[...zones].join()}`)]
        : [];
    }),
};

/** Machines by their role, each cloud's by itself, as far as their zones are known. */
function roles(machines: readonly Machine[]): { role: string; them: Machine[] }[] {
  const placed = machines.filter(({ zones }) => zones.length > 0);
  const keys = new Set(placed.flatMap(({ role }) => role ?? []));
  return [...keys].map((role) => ({ role, them: placed.filter((machine) => machine.role === role) }));
}

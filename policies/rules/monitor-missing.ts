import { type Rule, violation } from "../rule";

export const monitorMissing: Rule = {
  id: "monitor-missing",
  level: "mandatory",
  title: "a stack with nodes has a host that watches them",
  reason: "a producer that stands still is found by somebody else, hours later",
  remedy: "add watch: { role: monitor }, or say in the policy file which other stack watches this one",
  check: ({ machines, intent }) => {
    const [node] = machines.filter(({ role }) => role !== undefined && intent.stateful.includes(role));
    const isWatched = machines.some(({ role }) => role !== undefined && intent.watching.includes(role));
    return node && !isWatched
      ? [violation(node.resource, `nobody watches the ${machines.length} hosts of this stack`)]
      : [];
  },
};

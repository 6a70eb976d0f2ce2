import { violation } from "../rule";
import { leavingMachines, type UpdateRule } from "./step";

export const manyHostsLeave: UpdateRule = {
  id: "many-hosts-leave",
  level: "mandatory",
  title: "one update replaces or deletes one host that keeps the chain at most",
  reason: "hosts that come back empty at once leave nobody to follow the chain from",
  remedy: "change one host, wait until it follows the chain again, then the next",
  check: (steps, intent) => {
    const them = leavingMachines(steps, intent).filter(
      ({ role, isPool }) => !isPool && role !== undefined && intent.stateful.includes(role),
    );
    const names = them.map(({ host }) => host).join(", ");
    return them
      .slice(1)
      .map(({ resource }) => violation(resource, `${them.length} hosts would be replaced at once: ${names}`));
  },
};

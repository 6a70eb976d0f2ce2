import { violation } from "../rule";
import { leavingMachines, type UpdateRule } from "./step";

export const validatorLeaves: UpdateRule = {
  id: "validator-leaves",
  level: "mandatory",
  title: "no update replaces or deletes the machine of a producer",
  reason: "it may be signing: its machine goes only after another one has taken over",
  remedy: "move production first (docs/changes.md), then take the host out with an exception of a day",
  check: (steps, intent) =>
    leavingMachines(steps, intent)
      .filter(({ role }) => role === "validator")
      .map(({ resource, host }) =>
        violation(resource, `the machine of the producer ${host} would be deleted`),
      ),
};

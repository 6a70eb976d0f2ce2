import { error } from "../../config/finding";
import { entriesOf } from "../place-hosts";
import type { Check } from "./index";

/** Two hosts with one name would share a machine, its data and its keys. */
export const checkNames: Check = ({ config, registry }) => {
  const groups = new Map<string, string>();
  return entriesOf(config, registry).flatMap(({ name, group }) => {
    const other = groups.get(name);
    groups.set(name, group);
    return other === undefined
      ? []
      : [
          error(
            `hosts.${group}`,
            `makes a second host "${name}", beside that of hosts.${other}: rename one of them`,
          ),
        ];
  });
};

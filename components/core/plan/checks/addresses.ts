import { error } from "../../config/finding";
import type { Check } from "./index";

/** Addresses come from names, so that no host moves when another joins; two names can meet on one. */
export const checkAddresses: Check = ({ plan }) => {
  const owners = new Map<string, string>();
  return plan.hosts.flatMap(({ name, group, addresses }) => {
    const other = owners.get(addresses.cluster.ipv4);
    owners.set(addresses.cluster.ipv4, name);
    return other === undefined || other === name
      ? []
      : [
          error(
            `hosts.${group}`,
            `"${name}" gets the address of "${other}", ${addresses.cluster.ipv4}: rename one of them`,
          ),
        ];
  });
};

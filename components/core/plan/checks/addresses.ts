import { error } from "../../config/finding";
import { plannedAddress } from "../../network/address-ref";
import type { Check } from "./index";

/** Addresses come from names, so that no host moves when another joins; two names can meet on one. */
export const checkAddresses: Check = ({ plan }) => {
  const owners = new Map<string, string>();
  return plan.hosts.flatMap(({ name, group, addresses }) => {
    const address = plannedAddress(addresses.cluster);
    if (!address) return [];
    const other = owners.get(address.ipv4);
    owners.set(address.ipv4, name);
    return other === undefined || other === name
      ? []
      : [
          error(
            `hosts.${group}`,
            `"${name}" gets the address of "${other}", ${address.ipv4}: rename one of them`,
          ),
        ];
  });
};

import { error } from "../../config/finding";
import { named } from "../../config/registry";
import type { Check } from "./index";

/** A role that serves an EVM chain needs one. */
export const checkEvm: Check = ({ plan, config, registry }) => {
  if (plan.network.evm) return [];
  return Object.entries(config.hosts)
    .filter(([, { role }]) =>
      named(registry.roles, role).services.some((service) => named(registry.services, service).onEvm),
    )
    .map(([group, { role }]) =>
      error(
        `hosts.${group}.role`,
        `"${role}" serves an EVM chain, and none is known on ${plan.network.name}: describe it under network.evm`,
      ),
    );
};

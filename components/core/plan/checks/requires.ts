import { error } from "../../config/finding";
import { named } from "../../config/registry";
import type { Check } from "./index";

/** What a role cannot work without must be in the stack. */
export const checkRequires: Check = ({ plan, config, registry }) => {
  const present = new Set(Object.values(config.hosts).map(({ role }) => role));
  const missing = Object.entries(config.hosts).flatMap(([group, host]) =>
    named(registry.roles, host.role)
      .requires.filter(({ role }) => !present.has(role))
      .map(({ role, why }) =>
        error(`hosts.${group}.role`, `"${host.role}" needs a host of role ${role}: ${why}`),
      ),
  );
  const empty =
    Object.keys(config.hosts).length === 0
      ? [error("hosts", "names no host: a stack needs at least one")]
      : [];
  const unborn =
    plan.network.birth &&
    Object.keys(config.hosts).length > 0 &&
    !Object.values(config.hosts).some(({ producer }) => producer)
      ? [
          error(
            "hosts",
            `has no validator: ${plan.network.name} is ${plan.network.summary}, and nobody would make its blocks`,
          ),
        ]
      : [];
  return [...empty, ...missing, ...unborn];
};

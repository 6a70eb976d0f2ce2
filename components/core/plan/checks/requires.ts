import { error } from "../../config/finding";
import { named } from "../../config/registry";
import type { Check } from "./index";

/** What a role cannot work without must be in the stack. */
export const checkRequires: Check = ({ plan, config, registry }) => {
  const present = new Set(plan.hosts.map(({ role }) => role));
  const missing = Object.entries(config.hosts).flatMap(([group, host]) =>
    named(registry.roles, host.role)
      .requires.filter(({ role }) => !present.has(role))
      .map(({ role, why }) =>
        error(`hosts.${group}.role`, `"${host.role}" needs a host of role ${role}: ${why}`),
      ),
  );
  const empty = plan.hosts.length === 0 ? [error("hosts", "names no host: a stack needs at least one")] : [];
  const unborn =
    plan.network.birth && plan.hosts.length > 0 && !plan.hosts.some(({ producer }) => producer)
      ? [
          error(
            "hosts",
            `has no validator: ${plan.network.name} is ${plan.network.summary}, and nobody would make its blocks`,
          ),
        ]
      : [];
  return [...empty, ...missing, ...unborn];
};

import { error, type Finding, warning } from "../../config/finding";
import { named } from "../../config/registry";
import type { Check } from "./index";

/** What a scaling group needs, and what it goes without. */
export const checkPools: Check = ({ plan, config, registry }) => [
  ...Object.entries(config.hosts).flatMap(([group, { count }]): Finding[] =>
    typeof count === "object" && !plan.target.traits.scaling
      ? [
          error(
            `hosts.${group}.count`,
            `${plan.target.name} makes no machines by itself: write one number, the hosts there shall be`,
          ),
        ]
      : [],
  ),
  ...plan.pools.flatMap(({ name, member }): Finding[] => {
    // What writes to the chain signs with a key; the keys of others, say for logs, take nothing from a member's work.
    const keyed = named(registry.roles, member.role).services.filter((name) => {
      const service = named(registry.services, name);
      return service.keyed && service.onEvm;
    });
    const holders = plan.hosts.filter(({ services }) =>
      services.some(({ service }) => keyed.includes(service)),
    );
    return keyed.length === 0 || holders.length > 0
      ? []
      : [
          warning(
            `hosts.${name}`,
            `answers reads only: a machine that the cloud makes by itself holds no key. For writes add a host without a count, say ${name}-writes: { role: ${member.role} }`,
          ),
        ];
  }),
];

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
    const keyed = named(registry.roles, member.role).services.filter(
      (service) => named(registry.services, service).keyed,
    );
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

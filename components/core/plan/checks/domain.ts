import { type Finding, warning } from "../../config/finding";
import type { Check } from "./index";

/** Seeds are found by name: without one, a replaced relay is lost to every peer that knew its address. */
export const checkDomain: Check = ({ plan, config }) => {
  const { traits } = plan.target;
  const seeds = plan.hosts.filter(({ role }) => role === "seed");
  if (config.domain !== undefined && seeds.length === 0 && traits.names === "hosts")
    return [
      warning(
        "domain",
        "is answered for by seeds on this target, and the stack has none: add one, or leave the domain out",
      ),
    ];
  return [...(seeds.length > 0 && traits.floors ? fewNames(config) : []), ...nameless(plan)];
};

const fewNames = ({ domain, dns }: Parameters<Check>[0]["config"]): Finding[] => {
  if (domain === undefined)
    return [
      warning(
        "domain",
        "is not set: peers would know your relays by address alone, and lose them when one is replaced",
      ),
    ];
  return dns.seeds < 5
    ? [
        warning(
          "dns.seeds",
          `${dns.seeds} seed names are few: 5 to 10 let you add relays without telling anyone`,
        ),
      ]
    : [];
};

/** One name leads to one balancer: a second pool of a role is reached at its own address alone. */
const nameless = ({ pools, names }: Parameters<Check>[0]["plan"]): Finding[] =>
  pools.flatMap(({ name, member }) => {
    const taken = names?.records.find(({ pool }) => pool !== undefined && pool !== name);
    const own = names?.records.some(({ pool }) => pool === name);
    return taken === undefined || own
      ? []
      : [
          warning(
            `hosts.${name}`,
            `has no name of its own: ${taken.name} leads to ${taken.pool}. Make the two ${member.role} pools one group`,
          ),
        ];
  });

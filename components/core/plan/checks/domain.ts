import { warning } from "../../config/finding";
import type { Check } from "./index";

/** Seeds are found by name: without one, a replaced relay is lost to every peer that knew its address. */
export const checkDomain: Check = ({ plan, config }) => {
  const { traits } = plan.target;
  const seeds = plan.hosts.filter(({ role }) => role === "seed");
  if (seeds.length === 0 || !traits.floors) return [];
  if (config.domain === undefined)
    return [
      warning(
        "domain",
        "is not set: peers would know your relays by address alone, and lose them when one is replaced",
      ),
    ];
  return config.dns.seeds < 5
    ? [
        warning(
          "dns.seeds",
          `${config.dns.seeds} seed names are few: 5 to 10 let you add relays without telling anyone`,
        ),
      ]
    : [];
};

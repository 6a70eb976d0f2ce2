import type { Registry } from "./core/config/registry";
import { networks } from "./core/networks";
import { roles } from "./core/roles";
import { services } from "./core/services";
import { targets } from "./targets";

/** What this project brings. A team's own registry adds to these lists. */
export const registry: Registry = { networks, roles, services, targets };

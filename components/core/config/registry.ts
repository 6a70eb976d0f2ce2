import type { Target } from "../../targets/target";
import type { ChainNetwork } from "../networks/network";
import type { Role } from "../roles/role";
import type { Service } from "../services/service";

/** Everything a stack file can name. A team adds its own roles, services and targets here, not in the core. */
export interface Registry {
  networks: Readonly<Record<string, ChainNetwork>>;
  roles: readonly Role[];
  services: readonly Service[];
  targets: readonly Target[];
}

/** The entry of that name. Throws for a name that the schema should have refused. */
export function named<Entry extends { name: string }>(entries: readonly Entry[], name: string): Entry {
  const entry = entries.find((each) => each.name === name);
  if (!entry) throw new Error(`nothing is registered as "${name}"`);
  return entry;
}

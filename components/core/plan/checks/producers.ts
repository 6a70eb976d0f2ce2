import { error, warning } from "../../config/finding";
import { entriesOf } from "../place-hosts";
import type { Check } from "./index";

/** Two hosts that produce as one account sign two blocks for one slot: the worst that can happen to a chain. */
export const checkProducers: Check = ({ plan, config, registry }) => {
  const owners = new Map<string, string>();
  const twice = entriesOf(config, registry).flatMap(({ name, group, config: { producer } }) => {
    if (producer === undefined) return [];
    const other = owners.get(producer);
    owners.set(producer, name);
    return other === undefined
      ? []
      : [
          error(
            `hosts.${group}.producer`,
            `"${producer}" is produced by "${other}" already; both would sign. Give each validator its own account: a standby needs failover, which is not here yet`,
          ),
        ];
  });
  const { birth } = plan.network;
  const producers = plan.hosts.filter(({ producer }) => producer);
  const outside = producers.filter(({ producer }) => birth && producer?.name !== birth.producer);
  // Where the genesis' own producer is there, the chain lives, and may schedule others.
  const found = outside.length < producers.length ? warning : error;
  return [
    ...twice,
    ...outside.map(({ group, producer }) =>
      found(
        `hosts.${group}.producer`,
        `"${producer?.name}" is in no schedule yet: the genesis of ${plan.network.name} knows "${birth?.producer}" alone, and it makes no block before the chain schedules it`,
      ),
    ),
    ...producers
      .filter(({ producer }) => producer?.signingKey === undefined)
      .map(({ name, group }) =>
        warning(
          `hosts.${group}.signingKey`,
          `"${name}" has no signing key yet: the lab makes one; elsewhere write the public key here and set the secret ${name}/signing-key`,
        ),
      ),
  ];
};

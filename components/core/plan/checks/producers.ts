import { error, warning } from "../../config/finding";
import { takesTurns } from "../../failover/plan";
import { entriesOf } from "../place-hosts";
import type { Check } from "./index";

/** Two hosts that produce as one account sign two blocks for one slot: the worst that can happen to a chain. */
export const checkProducers: Check = ({ plan, config, registry }) => {
  const owners = new Map<string, { name: string; group: string }>();
  const twice = entriesOf(config, registry).flatMap(({ name, group, config: entry }) => {
    const { producer } = entry;
    if (producer === undefined) return [];
    const other = owners.get(producer);
    owners.set(producer, other ?? { name, group });
    const inTurn = other?.group === group && takesTurns(entry);
    return other === undefined || inTurn
      ? []
      : [
          error(
            `hosts.${group}.producer`,
            `"${producer}" is produced by "${other.name}" already; both would sign. Hosts that take turns stand in one entry, with a count; else give each validator its own account`,
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
          `hosts.${group}.${plan.failover?.groups.some((each) => each.group === group) ? "signingKeys" : "signingKey"}`,
          `"${name}" has no signing key yet: the lab makes one; elsewhere write the public key here and set the secret ${name}/signing-key`,
        ),
      ),
  ];
};

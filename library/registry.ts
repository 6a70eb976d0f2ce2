import { UserError } from "../components/core/config/finding";
import type { Registry } from "../components/core/config/registry";
import { registry } from "../components/registry";

/**
 * What this package brings, and what a team adds: roles, services and targets by a list, networks by name. Nothing of
 * ours is taken away, and nothing can take its place: a name that is taken throws a `UserError` that tells all of them.
 */
export function registryWith(added: Partial<Registry>): Registry {
  const taken = [
    ...takenIn("role", registry.roles, added.roles),
    ...takenIn("service", registry.services, added.services),
    ...takenIn("target", registry.targets, added.targets),
    ...takenIn("network", byName(registry.networks), byName(added.networks ?? {})),
  ];
  if (taken.length > 0) throw new UserError(taken.join("\n"));
  return {
    networks: { ...registry.networks, ...added.networks },
    roles: [...registry.roles, ...(added.roles ?? [])],
    services: [...registry.services, ...(added.services ?? [])],
    targets: [...registry.targets, ...(added.targets ?? [])],
  };
}

interface Named {
  name: string;
}

const byName = (networks: Registry["networks"]): Named[] => Object.keys(networks).map((name) => ({ name }));

/** Names that stand twice: with one of ours, or among those that are added. */
const takenIn = (kind: string, ours: readonly Named[], added: readonly Named[] = []): string[] => {
  const names = [...ours, ...added].map(({ name }) => name);
  const twice = added.filter(({ name }, index) => names.indexOf(name) < ours.length + index);
  return twice.map(({ name }) => `there is a ${kind} "${name}" already: give yours another name`);
};

import { parseConfig } from "../components/core/config/parse";
import { named, type Registry } from "../components/core/config/registry";
import type { StackConfig } from "../components/core/config/schema";
import type { Place } from "../components/core/services/service";
import type { Intent } from "./graph";
import { isMap, textMapOf } from "./value";

/**
 * What a stack's own configuration says of it. `raw` are its `nodewright:` keys, without the prefix; a program that has
 * none, or none that can be read, is judged without: by what private networks and usual ports are.
 */
export function intentOf(stack: string, raw: Readonly<Record<string, unknown>>, registry: Registry): Intent {
  const { config } = "target" in raw ? parseConfig({ ...raw }, registry) : {};
  return {
    stack,
    cluster: [],
    ...(config ? told(config, registry) : {}),
    secrets: isMap(raw.secrets) ? textMapOf(raw.secrets) : {},
    listeners: listenersOf(registry),
    floors: Object.fromEntries(registry.roles.map(({ name, hardware }) => [name, hardware])),
    stateful: registry.roles.filter(({ services }) => services.includes("nodeos")).map(({ name }) => name),
    watching: registry.roles
      .filter(({ services }) => services.includes("prometheus"))
      .map(({ name }) => name),
  };
}

function told({ target, budget, domain }: StackConfig, registry: Registry): Partial<Intent> {
  const { zones } = named(registry.targets, target.name);
  const { cluster, admin } = zones(target.config, { addresses: { public: "assigned", cluster: "assigned" } });
  const { region } = target.config as { region?: string };
  return {
    ...{ cluster, admins: admin },
    ...(budget === undefined ? {} : { budget: Number.parseFloat(budget) }),
    ...(domain === undefined ? {} : { domain }),
    ...(region === undefined ? {} : { region }),
  };
}

/** Every service is asked as if its host ran all of them, shared its load and wrote for others: so that it names all. */
function listenersOf({ services }: Registry): Record<string, number[]> {
  const place: Place = {
    ...{ role: "", services: services.map(({ name }) => name), shares: true, writesForOthers: true },
  };
  const all = services.flatMap(({ settings, listeners }) => {
    const read = settings.safeParse({});
    return read.success ? listeners(read.data, place) : [];
  });
  const ports: Record<string, number[]> = { ssh: [22] };
  for (const { name, port } of all) ports[name] = [...(ports[name] ?? []), port];
  return ports;
}

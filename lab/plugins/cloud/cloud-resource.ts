import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { wasMade } from "../autoname";
import type { Problem } from "../check";
import type { Change } from "../diff";
import { type Resource, type ResourceSpec, type Revision, resource } from "../resource";
import { isObject, type Properties, plainProperties, secret } from "../value";
import { type Cloud, CloudBusy, CloudError, type CloudType } from "./cloud-type";
import { problem, textOf } from "./known";
import type { World } from "./world";

/** The engine deletes one thing after the other without a pause of its own. */
const QUIET_MS = 1500;
const RETRY_MS = 50;

type Life = Pick<ResourceSpec<unknown>, "create" | "read" | "update" | "delete">;

/** A cloud's type as a resource of the plugin: the SDK's own types, then the type's rules, over the world. */
export function cloudResource(cloud: Cloud, type: CloudType, schema: z.ZodType, world: World): Resource {
  const { token, name } = type;
  return resource<unknown>({
    schema,
    unsupported: `is not a property of ${token} in @pulumi/${cloud.name} ${cloud.version}`,
    computed: repeatsOf(type),
    unordered: type.unordered ?? [],
    ownNames: true,
    ...(name && !name.required ? { autoname: { property: name.property, max: name.max } } : {}),
    check: (inputs) => [...nameProblems(type, inputs), ...(type.check?.(inputs) ?? [])],
    inPlace: (change, revision = NOTHING) =>
      !replaces(type, change, plainProperties(revision.olds), plainProperties(revision.news)),
    exclusive: (_inputs, revision = NOTHING) => type.deleteFirst === true || keepsChosenName(type, revision),
    recomputes: () => type.changing ?? [],
    ...life(cloud, type, world),
  });
}

/** Which inputs each output repeats: what was given in secret must not come back open. */
function repeatsOf({ computed, secrets = {} }: CloudType): Record<string, readonly string[]> {
  return Object.fromEntries(
    computed.map((key) => {
      const repeated = secrets[key];
      return [key, repeated === undefined || repeated === true ? [key] : [key, ...repeated]];
    }),
  );
}

const NOTHING: Revision = { olds: {}, news: {} };

/** What happens to the world; a create, update or delete runs in one turn, so that no two of them see half of another. */
function life(cloud: Cloud, type: CloudType, world: World): Life {
  const { token } = type;
  return {
    create: async (_call, given) => {
      const inputs = propertiesOf(given);
      refuseQuota(cloud, token, world);
      refuseTaken(type, inputs, world);
      type.create?.(inputs, world);
      const id = type.id(inputs, world);
      const outputs = type.outputs(id, inputs, world);
      world.put(token, id, { inputs, outputs });
      await world.saved();
      return { id, outputs: withSecrets(type, outputs) };
    },
    read: async (_call, id, inputs) => {
      const entry = world.get(token, id);
      if (!entry) return undefined;
      const seen = inputs ? drift(inputs, entry.inputs) : entry.inputs;
      return { inputs: seen, outputs: withSecrets(type, entry.outputs) };
    },
    update: async (_call, id, given) => {
      const inputs = propertiesOf(given);
      const entry = world.get(token, id);
      if (!entry) throw new CloudError(`${token} ${id} does not exist any more: run a refresh`);
      refuseTaken(type, inputs, world, id);
      type.update?.(entry.inputs, inputs, world);
      const outputs = { ...entry.outputs, ...type.outputs(id, inputs, world) };
      world.put(token, id, { inputs, outputs });
      await world.saved();
      return withSecrets(type, outputs);
    },
    delete: async ({ signal }, id) => {
      await untilFree(world, signal, () => {
        const entry = world.get(token, id);
        if (!entry) return;
        type.delete?.(id, { ...entry.outputs, ...entry.inputs }, world);
        world.drop(token, id);
      });
      await world.saved();
    },
  };
}

/** Tries again while the cloud is busy, until nothing else has changed for a while. */
async function untilFree(world: World, signal: AbortSignal, act: () => void): Promise<void> {
  let seen = world.changes;
  let quietSince = Date.now();
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (world.changes !== seen) quietSince = Date.now();
      if (!(error instanceof CloudBusy) || Date.now() - quietSince > QUIET_MS) throw error;
      seen = world.changes;
    }
    await pause(RETRY_MS, undefined, { signal });
  }
}

function propertiesOf(inputs: unknown): Properties {
  return isObject(inputs) ? plainProperties(inputs) : {};
}

function nameProblems({ name }: CloudType, inputs: Properties): Problem[] {
  const value = name && textOf(inputs[name.property]);
  if (!name || value === undefined) return [];
  return [
    ...problem(value.length > name.max, name.property, `"${value}" is longer than ${name.max} characters`),
    ...problem(!name.pattern.test(value), name.property, `"${value}" does not match ${name.pattern.source}`),
  ];
}

/** Whether the old resource holds the name that the author wants for the new one. */
function keepsChosenName({ name }: CloudType, { olds, news }: Revision): boolean {
  if (!name || name.unique === false || name.required) return false;
  const { property } = name;
  return !wasMade(news, property) && plainProperties(olds)[property] === plainProperties(news)[property];
}

function replaces(type: CloudType, change: Change, olds: Properties, news: Properties): boolean {
  const path = change.path.filter((part) => typeof part === "string").join(".");
  const isForced = type.forceNew.some((forced) => {
    if (path === forced || path.startsWith(`${forced}.`)) return true;
    // A whole block came or went: it counts when it states the forced member.
    return forced.startsWith(`${path}.`) && states(olds, forced) !== states(news, forced);
  });
  return isForced || (type.forceNewWhen?.(path, news, olds) ?? false);
}

function states(value: unknown, path: string): boolean {
  const [key = "", ...rest] = path.split(".");
  if (Array.isArray(value)) return value.some((entry) => states(entry, path));
  if (!isObject(value) || !(key in value)) return false;
  return rest.length === 0 || states(value[key], rest.join("."));
}

function refuseQuota(cloud: Cloud, token: string, world: World): void {
  const limit = world.limit(token);
  if (limit !== undefined && world.count(token) >= limit) {
    throw new CloudError(cloud.quotaExceeded(token, limit));
  }
}

function refuseTaken(type: CloudType, inputs: Properties, world: World, own?: string): void {
  const { name, token } = type;
  const value = name && textOf(inputs[name.property]);
  if (!name || value === undefined || name.unique === false) return;
  const scope = name.scope?.(inputs, world);
  const isTaken = world
    .all(token)
    .some(
      (entry) =>
        entry.id !== own &&
        entry.inputs[name.property] === value &&
        name.scope?.(entry.inputs, world) === scope,
    );
  if (isTaken) throw new CloudError(name.taken?.(value, inputs) ?? `${token} ${value} already exists`);
}

/** What the world holds differently from the inputs; undefined where it holds nothing. */
function drift(inputs: Properties, seen: Properties): Properties {
  const keys = [...new Set([...Object.keys(inputs), ...Object.keys(seen)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(inputs[key], seen[key]));
  return Object.fromEntries(changed.map((key) => [key, seen[key]]));
}

function withSecrets({ secrets = {} }: CloudType, outputs: Properties): Properties {
  const entries = Object.entries(outputs);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, secrets[key] === true ? secret(value) : value]),
  );
}

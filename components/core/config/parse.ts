import { z } from "zod";
import { chainSchema } from "./chain";
import { error, type Finding } from "./finding";
import { hostKeys, hostShape } from "./host-schema";
import { messageFor, unknownKey } from "./messages";
import type { Registry } from "./registry";
import { type StackConfig, stackSchema } from "./schema";

/** A stack file's keys as far as they could be read, and all that is wrong with them. */
export interface Parsed {
  findings: Finding[];
  /** What is left after the mistakes are taken out, so that later checks can look at the rest in the same run. */
  config?: StackConfig;
  /** Whether nothing had to be taken out. */
  whole: boolean;
}

type Path = readonly PropertyKey[];

/** Each round takes out at least one mistake, so this many nested ones are reported before the rest is given up. */
const ROUNDS = 8;

/** Reads the `nodewright:` keys of a stack file. Never throws; every mistake is a finding. */
export function parseConfig(raw: Record<string, unknown>, registry: Registry): Parsed {
  const schema = stackSchema(registry);
  const findings: Finding[] = [];
  let rest: Record<string, unknown> = structuredClone(raw);
  for (let round = 0; round < ROUNDS; round++) {
    const result = schema.safeParse(rest);
    if (result.success)
      return {
        findings,
        config: withGivenSettings(result.data as StackConfig, rest),
        whole: findings.length === 0,
      };
    const found = result.error.issues.flatMap((issue) => toFindings(issue, rest, registry));
    const spoken = findings.map(({ path }) => path);
    // A map that lacks something because a key in it was mistyped is spoken of at that key.
    const deeper = [...spoken, ...found.map(({ path }) => path)];
    findings.push(
      ...found.filter(
        ({ path }) => !spoken.includes(path) && !deeper.some((other) => other.startsWith(`${path}.`)),
      ),
    );
    rest = withoutMistakes(rest, result.error.issues, registry);
  }
  return { findings, whole: false };
}

/** Settings of services as the user gave them: a host's come over those of the stack before any default does. */
const withGivenSettings = (config: StackConfig, raw: Record<string, unknown>): StackConfig => ({
  ...config,
  services: (raw.services ?? {}) as StackConfig["services"],
  hosts: Object.fromEntries(
    Object.entries(config.hosts).map(([name, host]) => [
      name,
      { ...host, services: (valueAt(raw, ["hosts", name, "services"]) ?? {}) as StackConfig["services"] },
    ]),
  ),
});

function toFindings(issue: z.core.$ZodIssue, raw: unknown, registry: Registry): Finding[] {
  const roles = registry.roles.map(({ name }) => name);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      error(print([...issue.path, key]), unknownKey(key, knownKeys(issue.path, raw, registry))),
    );
  }
  return [error(print(issue.path), messageFor(issue, valueAt(raw, issue.path), { roles }))];
}

/** Taken out: unknown keys, optional values, else the host they stand in, else the top-level key. */
function withoutMistakes(
  raw: Record<string, unknown>,
  issues: readonly z.core.$ZodIssue[],
  registry: Registry,
) {
  const rest = structuredClone(raw);
  for (const issue of issues) {
    const [top, host, key] = issue.path;
    if (issue.code === "unrecognized_keys")
      for (const each of issue.keys) remove(rest, [...issue.path, each]);
    // A key that is missing cannot be taken out: then the whole target is.
    else if (top === "target" && valueAt(rest, issue.path) === undefined) remove(rest, ["target"]);
    else if (top === "target" || key === "services") remove(rest, issue.path);
    else if (top === "hosts" && key !== undefined && key !== "role" && key !== "producer")
      remove(rest, ["hosts", String(host), key]);
    else if (top === "hosts" && host !== undefined) remove(rest, ["hosts", host]);
    else if (top !== undefined) remove(rest, [top]);
  }
  return { ...placeholders(registry), ...rest };
}

/** Stand in for required keys with mistakes; what is said about them is never said of these. */
const placeholders = (registry: Registry): Record<string, unknown> => ({
  network: Object.keys(registry.networks)[0],
  target: { [registry.targets.find(({ config }) => config.safeParse({}).success)?.name ?? ""]: {} },
  hosts: {},
});

function remove(root: unknown, path: Path): void {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (parent !== null && typeof parent === "object" && key !== undefined) Reflect.deleteProperty(parent, key);
}

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (value !== null && typeof value === "object" ? Reflect.get(value, key) : undefined),
    root,
  );

const print = (path: Path): string =>
  path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");

/** The keys that the schema would have taken at that path. */
function knownKeys(path: Path, raw: unknown, registry: Registry): string[] {
  const [top, second, third, fourth] = path;
  const settingsOf = (service: unknown) =>
    shapeOf(registry.services.find(({ name }) => name === service)?.settings);
  if (top === undefined) return shapeOf(stackSchema(registry));
  if (top === "target") {
    return second === undefined
      ? registry.targets.map(({ name }) => name)
      : shapeOf(registry.targets.find(({ name }) => name === second)?.config);
  }
  if (top === "services")
    return second === undefined ? registry.services.map(({ name }) => name) : settingsOf(second);
  if (top === "chain") return shapeAt(chainSchema, path.slice(1));
  if (top !== "hosts") return [];
  const role = registry.roles.find(({ name }) => name === valueAt(raw, ["hosts", String(second), "role"]));
  if (third === undefined) return role ? hostKeys(role, registry) : ["role", "count", "services"];
  if (third !== "services") return role ? shapeAt(hostShape(role, registry), path.slice(2)) : [];
  return fourth === undefined ? [...(role?.services ?? [])] : settingsOf(fourth);
}

/** The keys of a map within a map of a schema. */
const shapeAt = (schema: z.ZodType, path: Path): string[] => {
  const inner = path.reduce<unknown>((found, key) => unwrapped(within(found, key)), schema);
  return shapeOf(inner as z.ZodType | undefined);
};

/** Without `optional()` and `default()`. */
const unwrapped = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? unwrapped(schema.unwrap()) : schema;

/** What stands at a key of a map, or in any entry of a list. */
function within(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodObject ? (schema.shape as Record<PropertyKey, unknown>)[key] : undefined;
}

const shapeOf = (schema: z.ZodType | undefined): string[] =>
  schema && "shape" in schema && typeof schema.shape === "object" && schema.shape !== null
    ? Object.keys(schema.shape)
    : [];

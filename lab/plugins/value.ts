/** Properties of a resource as the engine sends and keeps them: JSON, where a value may be a marked secret. */
export type Properties = Record<string, unknown>;

/** What the engine sends for a value that is not known before the update runs. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// Both are constants of the engine's wire format: github.com/pulumi/pulumi, sdk/go/common/resource/properties.go.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

// The official Docker provider is a bridge that keeps notes of its own among the inputs.
const BRIDGE_NOTES = new Set(["__defaults", "__meta"]);

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: unknown): value is Properties {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** Marks a value as secret; one that is marked already stays as it is. */
export function secret(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** The bare value: secrets unwrapped, members that are null or the bridge's notes dropped. Unknown values stay. */
export function plain(value: unknown): unknown {
  if (isSecret(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([key, member]) => member != null && !BRIDGE_NOTES.has(key));
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)]));
}

/** {@link plain} for a whole property bag. */
export function plainProperties(properties: Properties): Properties {
  const bare = plain(properties);
  return isObject(bare) ? bare : {};
}

function some(value: unknown, test: (value: unknown) => boolean): boolean {
  if (test(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some((part) => some(part, test));
}

export function hasSecret(value: unknown): boolean {
  return some(value, isSecret);
}

/** `T` whose optional members may also be given as undefined. */
type Loose<T> = { [K in keyof T]: T[K] | undefined };

/** Drops members that are undefined: neither protobuf nor `exactOptionalPropertyTypes` takes them. */
export function compact<T extends object>(members: Loose<T>): T {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as T;
}

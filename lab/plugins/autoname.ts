import type { Properties } from "./value";

/** Which input carries the name, and how long it may be. */
export interface Autoname {
  readonly property: string;
  /** Characters. The logical name is cut so that the random digits fit. */
  readonly max: number;
}

const DIGITS = 7;

/**
 * The inputs with a name (by default in `name`): the author's; else the one made before; else the logical name and
 * seven random digits, as the official plugins do. A made name is noted in `__defaults`, which those plugins read and
 * write as well.
 * @param seed the engine's random bytes for this resource; the same in the preview and the update.
 */
export function withName(
  news: Properties,
  olds: Properties,
  urn: string,
  seed: Uint8Array,
  { property, max }: Autoname = { property: "name", max: 255 },
): Properties {
  if (news[property] !== undefined) return news;
  const before = wasMade(olds, property) ? olds[property] : undefined;
  const digits = Buffer.from(seed).toString("hex").slice(0, DIGITS).padEnd(DIGITS, "0");
  const logical = urn.split("::").slice(3).join("::");
  const name = before ?? `${logical.slice(0, max - DIGITS - 1)}-${digits}`;
  return { ...news, [property]: name, __defaults: [property] };
}

/** Whether the name was made by {@link withName}, not chosen by the author. */
export function wasMade(inputs: Properties, property: string): boolean {
  return Array.isArray(inputs.__defaults) && inputs.__defaults.includes(property);
}

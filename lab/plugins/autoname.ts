import type { Properties } from "./value";

/**
 * The inputs with a `name`: the author's; else the one made before; else the logical name and seven random digits, as
 * the official plugins do. A made name is noted in `__defaults`, which those plugins read and write as well.
 * @param seed the engine's random bytes for this resource; the same in the preview and the update.
 */
export function withName(news: Properties, olds: Properties, urn: string, seed: Uint8Array): Properties {
  if (news.name !== undefined) return news;
  const before = wasMade(olds) ? olds.name : undefined;
  const digits = Buffer.from(seed).toString("hex").slice(0, 7).padEnd(7, "0");
  const name = before ?? `${urn.split("::").slice(3).join("::")}-${digits}`;
  return { ...news, name, __defaults: ["name"] };
}

function wasMade(inputs: Properties): boolean {
  return Array.isArray(inputs.__defaults) && inputs.__defaults.includes("name");
}

import { isDeepStrictEqual } from "node:util";
import type { Path } from "./path";
import { isObject, type Properties, plainProperties } from "./value";

/** One changed place of a resource's inputs. */
export interface Change {
  readonly path: Path;
  readonly kind: "add" | "delete" | "update";
}

/** The property of the resource that a change lies in: `uploads` for `uploads[0].content`. */
export function propertyOf(change: Change): string {
  return String(change.path[0]);
}

/**
 * What differs between the inputs in the state and the new ones, as small places. A secret mark is no difference, an
 * unknown value is one. The lists named in `unordered` (`labels`, `capabilities.adds`) are compared as sets, because the
 * daemon gives their order no meaning and a mere reordering must not replace a container.
 */
export function changesBetween(
  olds: Properties,
  news: Properties,
  unordered: ReadonlySet<string> = new Set(),
): Change[] {
  return compare([], plainProperties(olds), plainProperties(news), unordered);
}

function compare(path: Path, before: unknown, after: unknown, unordered: ReadonlySet<string>): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    if (unordered.has(path.join(".")) && isDeepStrictEqual(sorted(before), sorted(after))) return [];
    const places = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
    return places.flatMap((index) => compare([...path, index], before[index], after[index], unordered));
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compare([...path, key], before[key], after[key], unordered));
  }
  return [{ path, kind: "update" }];
}

function sorted(list: readonly unknown[]): string[] {
  return list.map((entry) => JSON.stringify(ordered(entry))).sort();
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, ordered(value[key])]));
}

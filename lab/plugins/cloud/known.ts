import type { Problem } from "../check";
import { isObject, type Properties, UNKNOWN } from "../value";

/** The value, or undefined when it is missing or not known yet. */
export function known(value: unknown): unknown {
  return value === UNKNOWN || value === null ? undefined : value;
}

export function textOf(value: unknown): string | undefined {
  const found = known(value);
  return typeof found === "string" ? found : undefined;
}

export function numberOf(value: unknown): number | undefined {
  const found = known(value);
  return typeof found === "number" ? found : undefined;
}

/** The members of a list that are known; [] for anything else. */
export function listOf(value: unknown): unknown[] {
  const found = known(value);
  return Array.isArray(found) ? found.filter((entry) => known(entry) !== undefined) : [];
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((entry) => typeof entry === "string");
}

/** The objects of a list, or a lone object as a list of one. */
export function objectsOf(value: unknown): Properties[] {
  return (isObject(value) ? [value] : listOf(value)).filter(isObject);
}

/** The problem, when `wrong`; for tables of checks: `[...problem(…), ...problem(…)]`. */
export function problem(wrong: boolean, property: string, reason: string): Problem[] {
  return wrong ? [{ property, reason }] : [];
}

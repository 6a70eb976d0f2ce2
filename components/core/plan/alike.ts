import type { HostPlan } from "./plan";

/**
 * Rows of each host, its name before the first of them; hosts of one group that have the same rows share them, so that
 * a reader of forty relays reads what one of them is.
 */
export function rowsByHost(
  hosts: readonly HostPlan[],
  rowsOf: (host: HostPlan) => readonly string[][],
): string[][] {
  const found = new Map<string, { names: string[]; rows: readonly string[][] }>();
  for (const host of hosts) {
    const rows = rowsOf(host);
    const key = JSON.stringify([host.group, rows]);
    const names = [...(found.get(key)?.names ?? []), host.name];
    found.set(key, { names, rows });
  }
  return [...found.values()].flatMap(({ names, rows }) =>
    rows.map((row, index) => [index === 0 ? labelOf(names) : "", ...row]),
  );
}

const labelOf = (names: readonly string[]): string =>
  names.length < 3 ? names.join(", ") : `${names[0]} … ${names.at(-1)}`;

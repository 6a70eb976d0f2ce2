import type { HostStatus } from "./status";

/** The status for people. */
export function statusTable({ host, role, stack, bundle, lastProvision, services }: HostStatus): string {
  const provision = lastProvision
    ? `${lastProvision.result} at ${lastProvision.time}, ${lastProvision.changed} changed${lastProvision.bundle === bundle ? "" : ", another bundle"}`
    : "none has ended";
  const rows = services.map(({ name, unit, state, healthy, detail }) => [
    healthy ? "ok" : "NOT OK",
    name,
    unit,
    state,
    detail,
  ]);
  return [
    `${host} (${role}, ${stack})  bundle ${bundle.slice(0, 12)}  last provision ${provision}`,
    ...columns(rows),
    "",
  ].join("\n");
}

function columns(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

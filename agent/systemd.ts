import { mustRun, type System } from "./system";

/** What systemd knows of a unit, in systemd's words. */
export interface UnitState {
  load: string;
  active: string;
  sub: string;
  result: string;
  type: string;
  enabled: string;
  needsReload: boolean;
  restarts: number;
}

const PROPERTIES = [
  "LoadState",
  "ActiveState",
  "SubState",
  "Result",
  "Type",
  "UnitFileState",
  "NeedDaemonReload",
  "NRestarts",
];

/** States of units in one call. It works for any user that reaches the system bus. */
export async function showUnits(system: System, names: readonly string[]): Promise<Map<string, UnitState>> {
  if (names.length === 0) return new Map();
  const output = (
    await mustRun(system, ["systemctl", "show", `--property=${PROPERTIES.join(",")}`, "--", ...names])
  ).toString();
  const blocks = output.trim().split(/\n\n+/);
  return new Map(names.map((name, index) => [name, parseState(blocks[index] ?? "")]));
}

function parseState(block: string): UnitState {
  const values = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const value = (name: string) => values.get(name) ?? "";
  return {
    load: value("LoadState"),
    active: value("ActiveState"),
    sub: value("SubState"),
    result: value("Result"),
    type: value("Type"),
    enabled: value("UnitFileState"),
    needsReload: value("NeedDaemonReload") === "yes",
    restarts: Number(value("NRestarts") || 0),
  };
}

/** A oneshot that leaves nothing behind: it is inactive because it ended well. */
export const isDone = ({ type, active, result }: UnitState): boolean =>
  type === "oneshot" && active === "inactive" && result === "success";

/** For people: `active`, `failed (exit-code)`, `activating (auto-restart, exit-code)`. */
export function describe({ load, active, sub, result }: UnitState): string {
  if (load !== "loaded") return load;
  const details = [
    ...(active === "activating" || active === "deactivating" ? [sub] : []),
    ...(result && result !== "success" ? [result] : []),
  ];
  return details.length > 0 ? `${active} (${details.join(", ")})` : active;
}

/** The last lines that a unit wrote, for the operator who must find out why it does not run. */
export async function journalOf(system: System, unit: string): Promise<string> {
  const { stdout } = await system.run([
    "journalctl",
    "--unit",
    unit,
    "--lines",
    "12",
    "--no-pager",
    "--output",
    "short-iso",
  ]);
  return stdout.toString().trim();
}

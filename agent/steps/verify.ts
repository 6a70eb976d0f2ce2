import { describe, isDone, journalOf, showUnits } from "../systemd";
import type { Context, Failure } from "./step";

const SETTLE_MS = 1_000;

/**
 * Says which units that should run do not. After a start it looks a second later: systemd calls a program started before
 * that has read its configuration. Units that wait for secrets, or are started by others, only must not have failed.
 */
export async function verify(
  { system, bundle: { document } }: Context,
  idle: readonly string[],
  hasStarted: boolean,
): Promise<Failure[]> {
  if (hasStarted) await system.sleep(SETTLE_MS);
  const states = await showUnits(
    system,
    document.units.map(({ name }) => name),
  );
  const failures = document.units.map(async ({ name, startedBy }): Promise<Failure[]> => {
    const state = states.get(name);
    // What runs at times may have failed last night: the status tells that, and no change of the host must wait for the next.
    if (!state || startedBy !== undefined || state.active === "active" || isDone(state)) return [];
    if (idle.includes(name) && state.active !== "failed") return [];
    return [
      { what: `run ${name}`, reason: `${name} is ${describe(state)}\n${await journalOf(system, name)}` },
    ];
  });
  return (await Promise.all(failures)).flat();
}

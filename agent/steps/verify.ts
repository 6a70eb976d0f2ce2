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
    const isIdle = startedBy !== undefined || idle.includes(name);
    if (!state || state.active === "active" || isDone(state) || (isIdle && state.active !== "failed"))
      return [];
    return [
      { what: `run ${name}`, reason: `${name} is ${describe(state)}\n${await journalOf(system, name)}` },
    ];
  });
  return (await Promise.all(failures)).flat();
}

import { mkdir, rename } from "node:fs/promises";
import { join, relative } from "node:path";
import { NODEOS_DATA, STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";
import { inspect, list, remove } from "../disk";
import { mustRun, type System } from "../system";
import { ASIDE, STATES } from "./layout";
import type { StateVerdict } from "./state";

/**
 * Moves folders of nodeos out of its way. Nothing is deleted before what replaces it has proved itself, but a state: of which
 * nodeos can do nothing with a dirty one, where there is no room for two, or where a dirty one lies in memory.
 */
export async function putAside(
  system: System,
  paths: readonly string[],
  since: string,
  state: StateVerdict,
): Promise<void> {
  const folder = join(ASIDE, since.replaceAll(":", ""));
  for (const path of paths) {
    if (!(await inspect(system, path))) continue;
    const isInMemory = path === STATE_IN_MEMORY;
    const isKept =
      !STATES.includes(path) || !((isInMemory && state.is !== "clean") || (await hasNoRoom(system, path)));
    const to = join(folder, relative(NODEOS_DATA, path));
    if (isKept) await mkdir(system.path(join(to, "..")), { recursive: true, mode: 0o750 });
    // A mount can neither be renamed nor removed: what lies in it can.
    if (isInMemory && isKept) await copyState(system, path, to);
    if (isInMemory) await empty(system, path);
    else if (isKept) await rename(system.path(path), system.path(to));
    else await remove(system, path);
  }
}

/** A state is mostly holes. */
export const copyState = async (system: System, from: string, to: string): Promise<void> =>
  void (await mustRun(system, ["cp", "--archive", "--sparse=always", system.path(from), system.path(to)]));

/** Removes all that lies in a folder. */
export async function empty(system: System, folder: string): Promise<void> {
  for (const name of await list(system, folder)) await remove(system, join(folder, name));
}

/** A second state of the same size must fit on the disk of the chain. */
async function hasNoRoom(system: System, path: string): Promise<boolean> {
  const used = Number.parseInt(
    (await mustRun(system, ["du", "-s", "-B1", system.path(path)])).toString(),
    10,
  );
  return (await system.space(NODEOS_DATA)).freeBytes < used;
}

/** Removes what recoveries put aside, and what nodeos itself kept of a hard replay. Call it once the new chain goes on. */
export async function clearAside(system: System): Promise<void> {
  await remove(system, ASIDE);
  const own = (await list(system, NODEOS_DATA)).filter((name) => /^blocks-\d{4}-\d\d-\d\dT/.test(name));
  for (const name of own) await remove(system, join(NODEOS_DATA, name));
}

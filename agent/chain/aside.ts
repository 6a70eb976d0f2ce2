import { mkdir, rename } from "node:fs/promises";
import { join, relative } from "node:path";
import { NODEOS_DATA } from "../../components/core/services/nodeos-files";
import { inspect, list, remove } from "../disk";
import { mustRun, type System } from "../system";
import { ASIDE, STATE } from "./layout";

/**
 * Moves folders of nodeos out of its way. Nothing is deleted before what replaces it has proved itself, but a state, of which
 * nodeos can do nothing with a dirty one, where there is no room for two.
 */
export async function putAside(system: System, paths: readonly string[], since: string): Promise<void> {
  const folder = join(ASIDE, since.replaceAll(":", ""));
  for (const path of paths) {
    if (!(await inspect(system, path))) continue;
    if (path === STATE && (await hasNoRoom(system, path))) {
      await remove(system, path);
      continue;
    }
    const to = join(folder, relative(NODEOS_DATA, path));
    await mkdir(system.path(join(to, "..")), { recursive: true, mode: 0o750 });
    await rename(system.path(path), system.path(to));
  }
}

/** A second state of the same size must fit beside the first. */
async function hasNoRoom(system: System, path: string): Promise<boolean> {
  const used = Number.parseInt(
    (await mustRun(system, ["du", "-s", "-B1", system.path(path)])).toString(),
    10,
  );
  return (await system.space(path)).freeBytes < used;
}

/** Removes what recoveries put aside, and what nodeos itself kept of a hard replay. Call it once the new chain goes on. */
export async function clearAside(system: System): Promise<void> {
  await remove(system, ASIDE);
  const own = (await list(system, NODEOS_DATA)).filter((name) => /^blocks-\d{4}-\d\d-\d\dT/.test(name));
  for (const name of own) await remove(system, join(NODEOS_DATA, name));
}

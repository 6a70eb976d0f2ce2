import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../components/core/config/finding";
import { isAlive } from "../docker/process";

const UNFINISHED = "unfinished-";

/** A folder for one build, named for the process that makes it: the next run can tell what nobody will finish. */
export const unfinishedIn = (folder: string): string => join(folder, `${UNFINISHED}${process.pid}`);

/** Removes what builds left that were killed, or what this process left itself. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(UNFINISHED));
  for (const name of names) {
    const pid = Number(name.slice(UNFINISHED.length));
    if (pid !== process.pid && isAlive(pid)) continue;
    await removeTree(join(folder, name));
  }
}

/** Removes a build's folder, never through a mount: what a killed build left mounted is this machine's own /dev and /proc. */
export async function removeTree(folder: string): Promise<void> {
  const mounts = await readFile("/proc/self/mounts", "utf8").catch(() => "");
  const inside = mounts.split("\n").flatMap((line) => {
    const target = line.split(" ")[1]?.replaceAll("\\040", " ");
    return target?.startsWith(`${folder}/`) ? [target] : [];
  });
  if (inside.length > 0)
    throw new UserError(
      `a killed build left mounts: ${inside.join(" ")}. Unmount them (umount --recursive), then run this again.`,
    );
  await rm(folder, { recursive: true, force: true });
}

/** Gives a finished file its name, after its bytes are on the disk: a power cut leaves the whole of it or nothing. */
export async function finish(file: string, name: string): Promise<void> {
  const handle = await open(file, "r");
  await handle.sync().finally(() => handle.close());
  await rename(file, name);
}

/** Removes the tars of earlier recipes, 230 MB each: this checkout will not ask for them again. */
export async function removeOtherTars(folder: string, tar: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".tar") && join(folder, name) !== tar);
  for (const name of names) await rm(join(folder, name), { force: true });
}

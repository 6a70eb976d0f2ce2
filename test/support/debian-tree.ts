import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../lab/docker/command";
import { canInstall, findProgram, thisMachine } from "../../lab/docker/machine";
import { CACHE } from "../../lab/room";

/** Programs of Debian's packages in a folder of their own: nothing of this machine is changed. */
export interface DebianTree {
  root: string;
  /** Path of a program of the tree, or of the machine's own where that was there already. Throws where there is none. */
  program(name: string): string;
  /** What a program of the tree needs to find its libraries. */
  env: Record<string, string>;
}

const PLACES = ["usr/sbin", "usr/bin", "sbin", "bin"];
const LIBRARIES = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "lib/x86_64-linux-gnu"];

/**
 * Unpacks packages with all that they depend on and this machine lacks, once for all runs. Undefined on a machine that
 * is no Debian or whose package lists cannot be fetched: a suite that needs them is skipped there.
 */
export async function debianTree(packages: readonly string[]): Promise<DebianTree | undefined> {
  if (!canInstall(thisMachine())) return undefined;
  const missing = await missingPackages(packages);
  if (!missing) return undefined;
  const hash = createHash("sha256").update(missing.join(" ")).digest("hex").slice(0, 16);
  const root = join(CACHE, "debian", hash);
  if (!existsSync(root) && !(await unpack(missing, root))) return undefined;
  return {
    root,
    program(name) {
      const own = PLACES.map((place) => join(root, place, name)).find((path) => existsSync(path));
      const path = own ?? findProgram(name);
      if (!path) throw new Error(`${packages.join(" ")} brought no ${name}`);
      return path;
    },
    env: { LD_LIBRARY_PATH: LIBRARIES.map((place) => join(root, place)).join(":") },
  };
}

/** Names with versions of what an installation would bring: `haproxy=2.6.12-1+deb12u4`. */
async function missingPackages(packages: readonly string[]): Promise<string[] | undefined> {
  const ask = () =>
    runCommand("apt-get", ["install", "--print-uris", "--yes", "--no-install-recommends", ...packages]);
  let asked = await ask();
  if (asked.status !== 0) {
    await runCommand("apt-get", ["update"]);
    asked = await ask();
  }
  if (asked.status !== 0) return undefined;
  return [...asked.stdout.matchAll(/^'\S+' ([^_\s]+)_([^_\s]+)_\S+\.deb /gm)]
    .map(([, name, version]) => `${name}=${decodeURIComponent(version ?? "")}`)
    .sort();
}

async function unpack(missing: readonly string[], root: string): Promise<boolean> {
  const scratch = `${root}.${process.pid}`;
  const tree = join(scratch, "tree");
  mkdirSync(tree, { recursive: true });
  try {
    if (missing.length > 0) {
      const fetched = await runCommand("apt-get", ["download", ...missing], { cwd: scratch });
      if (fetched.status !== 0) return false;
    }
    for (const file of (await readdir(scratch)).filter((name) => name.endsWith(".deb"))) {
      const { status } = await runCommand("dpkg-deb", ["-x", join(scratch, file), tree]);
      if (status !== 0) return false;
    }
    if (!existsSync(root)) renameSync(tree, root);
    return true;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

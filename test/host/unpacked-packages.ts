import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Unpacks Debian's packages below a folder, so that neither the machine nor an image has them; the tree's path.
 * Undefined where they cannot be had: on a machine that is no Debian or reaches no mirror.
 */
export async function unpackPackages(folder: string, names: readonly string[]): Promise<string | undefined> {
  const place = join(folder, "packages");
  mkdirSync(place, { recursive: true });
  try {
    await run("apt-get", ["download", ...names], { cwd: place });
    const packages = (await readdir(place)).filter((name) => name.endsWith(".deb"));
    for (const name of packages) await run("dpkg-deb", ["-x", name, "../tree"], { cwd: place });
    return packages.length === names.length ? join(folder, "tree") : undefined;
  } catch {
    return undefined;
  }
}

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../lab/docker/command";
import { findProgram } from "../../lab/docker/machine";
import { CACHE } from "../../lab/room";

/** Folders where Go's own installer puts it, beside those of the PATH. */
const PATH = [process.env.PATH, "/usr/local/go/bin"].join(":");

/**
 * A program of a Go module at this very version, built once for all runs; its sum is checked by Go's own database. Undefined
 * where no Go is, or where the module cannot be had: a suite that needs it is skipped there.
 */
export async function goProgram(module: string, version: string): Promise<string | undefined> {
  const go = findProgram("go", PATH);
  const name = module.split("/").at(-1) ?? module;
  const folder = join(CACHE, "go", `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  if (!go) return undefined;
  const scratch = `${folder}.${process.pid}`;
  mkdirSync(scratch, { recursive: true });
  try {
    const { status } = await runCommand(go, ["install", `${module}@${version}`], {
      env: { GOBIN: scratch, GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local", CGO_ENABLED: "0" },
    });
    if (status !== 0) return undefined;
    if (!existsSync(program)) renameSync(scratch, folder);
    return program;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

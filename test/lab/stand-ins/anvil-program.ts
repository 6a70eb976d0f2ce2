import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchReleases } from "../../../lab/releases/fetch";
import { loadReleases } from "../../../stacks/releases";
import { MIRROR } from "../../../stacks/stack-file";

/** The anvil that the lab pins, or the one that the variable ANVIL names. `remove` takes away what was unpacked. */
export async function anvilProgram(): Promise<{ path: string; remove: () => void }> {
  if (process.env.ANVIL) return { path: process.env.ANVIL, remove: () => {} };
  const release = loadReleases("lab/releases/lock.json").releases.find(({ name }) => name === "anvil");
  const member = release?.programs.anvil?.path;
  if (!release || member === undefined) throw new Error("the lab's release lock has no anvil");
  await fetchReleases({ releases: [release], mirror: MIRROR, progress: () => {} });
  const folder = mkdtempSync(join(tmpdir(), "nodewright-anvil-"));
  execFileSync("tar", ["-xzf", join(MIRROR, release.sha256), "-C", folder, member]);
  return { path: join(folder, member), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

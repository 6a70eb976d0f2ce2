import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../components/core/config/finding";
import type { Release } from "../../components/core/releases";
import { bundleProgram } from "../../stacks/releases";
import { type Run, runCommand } from "../docker/command";
import { diskFull, saysDiskFull } from "../docker/disk-space";
import { type Machine, thisMachine } from "../docker/machine";
import { type Mirror, openMirror, sha256Of } from "./mirror";
import { type DownloadOptions, download, sourceOf } from "./registry";

export interface FetchOptions {
  releases: readonly Release[];
  /** Folder of the mirror: made if need be. */
  mirror: string;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** What tests put in the place of the machine. */
  run?: Run;
  machine?: Machine;
  bundle?: (release: Release) => Uint8Array;
}

/**
 * Brings releases into the mirror, side by side, each verified before it gets its name there. What is there and has
 * its hash is not fetched again. When some fail the others are still brought in; then one `UserError` tells of all.
 */
export async function fetchReleases(options: FetchOptions): Promise<{ fetched: number }> {
  const {
    releases,
    progress,
    signal,
    run = runCommand,
    machine = thisMachine(),
    bundle = bundleProgram,
  } = options;
  const mirror = await openMirror(options.mirror);
  const work = { run, machine, progress, signal, bundle };
  const results = await Promise.allSettled(releases.map((release) => bring(release, mirror, work)));
  signal?.throwIfAborted();
  const problems = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  const bug = problems.find((problem) => !(problem instanceof UserError));
  if (bug !== undefined) throw saysDiskFull(bug) ? mirrorFull(options.mirror) : bug;
  if (problems.length > 0)
    throw new UserError([...new Set(problems.map((problem) => (problem as UserError).message))].join("\n\n"));
  return { fetched: results.filter((result) => result.status === "fulfilled" && result.value).length };
}

/** What the lab's own lock comes to, with the copy that waits to be verified. */
const MIRROR_SPACE = 220e6;

const mirrorFull = (folder: string): UserError => diskFull(folder, MIRROR_SPACE, "the artifacts");

type Work = DownloadOptions & Pick<Required<FetchOptions>, "bundle">;

/** True when it was not there and had to be fetched. */
async function bring(release: Release, mirror: Mirror, work: Work): Promise<boolean> {
  const { name, version, sha256 } = release;
  if (await mirror.has(sha256)) return false;
  await mirror.incoming(name, async (folder) => {
    const quiet = tellTime(`${name} ${version}: fetching from ${sourceOf(release)}`, work.progress);
    const isUrl = release.source.kind === "url";
    const partial = isUrl ? await mirror.takePartial(sha256, folder) : undefined;
    const file = await obtain(release, folder, work, partial)
      .catch(async (cause: unknown) => {
        if (partial !== undefined) await mirror.leavePartial(partial);
        throw saysDiskFull(cause) ? mirrorFull(dirname(folder)) : cause;
      })
      .finally(quiet);
    const found = await sha256Of(file);
    if (found !== sha256) throw wrongHash(release, found, statSync(file).size);
    await mirror.admit(file, sha256);
  });
  work.progress(`${name} ${version}: verified`);
  return true;
}

/** The registries' clients are silent for as long as it takes. Returns what ends the telling. */
function tellTime(what: string, progress: (line: string) => void): () => void {
  const start = Date.now();
  progress(what);
  const timer = setInterval(() => progress(`${what}, ${Math.round((Date.now() - start) / 1000)} s`), 2_000);
  return () => clearInterval(timer);
}

async function obtain(release: Release, folder: string, work: Work, partial?: string): Promise<string> {
  if (release.source.kind !== "project") return download(release, folder, work, partial);
  const file = join(folder, release.name);
  await writeFile(file, work.bundle(release));
  return file;
}

const wrongHash = (release: Release, found: string, size: number): UserError =>
  new UserError(
    `${release.name} ${release.version} is not what the release lock pins, and was thrown away:\n` +
      `  expected sha256  ${release.sha256}\n  found            ${found} (${size} bytes)\n  source           ${sourceOf(release)}\n` +
      "Remedy: run this again, in case it was cut off on its way. If it stays so, find out why the source has other bytes " +
      "before you change the lock.",
  );

import { createReadStream, existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, Transform } from "node:stream";
import type Docker from "dockerode";
import { UserError } from "../../components/core/config/finding";
import { type Run, runCommand } from "../docker/command";
import { installPackages } from "../docker/debian-packages";
import { diskFull, requireSpace, saysDiskFull } from "../docker/disk-space";
import { canInstall, findProgram, type Machine, thisMachine } from "../docker/machine";
import { finish, removeOtherTars, removeTree, removeUnfinished, unfinishedIn } from "./cache";
import { aptSources, buildDebian, KEYRING } from "./debian";
import { buildInDocker, dockerfileOf, follow } from "./docker-build";
import { writeOverlay } from "./overlay";
import { HOST_IMAGE, type ImageRecipe, imageTag, recipeHash } from "./recipe";

export interface HostImageOptions {
  docker: Docker;
  /** The project's cache folder: the image is kept in `image` there. */
  cache: string;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
  recipe?: ImageRecipe;
  /** What tests put in the place of the machine. */
  run?: Run;
  machine?: Machine;
  find?: typeof findProgram;
}

export interface HostImage {
  tag: string;
  /** Where it came from: it was in Docker already, or its tar in the cache, or it was built now. */
  origin: "present" | "cached" | "built";
}

/** The unpacked system, its packages and the tar, while a build is under way: 700 MB measured, and some air. */
const BUILD_SPACE = 1500e6;

/**
 * Brings the image of the hosts into Docker: one that is there is used, one whose tar is in the cache is imported,
 * else it is built (under a minute with mmdebstrap, as root on Debian or Ubuntu; else by Docker from a registry's base).
 */
export async function prepareHostImage(options: HostImageOptions): Promise<HostImage> {
  const { docker, cache, recipe = HOST_IMAGE } = options;
  const tag = imageTag(recipe);
  if (await hasImage(docker, tag)) return { tag, origin: "present" };
  const folder = join(cache, "image");
  await mkdir(folder, { recursive: true });
  await removeUnfinished(folder);
  const tar = join(folder, `${recipeHash(recipe)}.tar`);
  const cached = existsSync(tar);
  if (!cached) await build(options, recipe, folder, tar);
  if (existsSync(tar)) await importTar(options, recipe, tar);
  // A daemon that is stopped in the middle ends its answer as if all were well.
  if (!(await hasImage(docker, tag)))
    throw new UserError(
      "Docker lost the host image on its way in: is it still running? Then run this again.",
    );
  return { tag, origin: cached ? "cached" : "built" };
}

/** Makes the tar; or the image itself, inside Docker, where no Debian system can be made. */
async function build(
  options: HostImageOptions,
  recipe: ImageRecipe,
  folder: string,
  tar: string,
): Promise<void> {
  await requireSpace(folder, BUILD_SPACE, "building the host image");
  const scratch = unfinishedIn(folder);
  try {
    await writeOverlay(join(scratch, "overlay"), recipe.files);
    if (canInstall(options.machine ?? thisMachine())) {
      await buildTar(options, recipe, scratch, tar);
      await removeOtherTars(folder, tar);
    } else {
      await writeFile(join(scratch, "Dockerfile"), dockerfileOf(recipe));
      await buildInDocker(options.docker, { ...options, recipe, tag: imageTag(recipe), context: scratch });
    }
  } finally {
    await removeTree(scratch);
  }
}

async function hasImage(docker: Docker, tag: string): Promise<boolean> {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (cause) {
    if ((cause as { statusCode?: number }).statusCode === 404) return false;
    throw cause;
  }
}

async function buildTar(
  { run = runCommand, find = findProgram, progress, signal }: HostImageOptions,
  recipe: ImageRecipe,
  scratch: string,
  tar: string,
): Promise<void> {
  if (!find("mmdebstrap") || !existsSync(KEYRING))
    await installPackages(["mmdebstrap", "debian-archive-keyring"], { run, progress, signal });
  const sources = await aptSources(recipe.suite, run);
  const output = join(scratch, "image.tar");
  const build = { recipe, sources, overlay: join(scratch, "overlay"), output };
  try {
    await buildDebian(build, { scratch, progress, run, signal });
    await finish(output, tar);
  } catch (cause) {
    throw saysDiskFull(cause) ? diskFull(scratch, BUILD_SPACE, "building the host image") : cause;
  }
}

async function importTar(
  { docker, progress, signal }: HostImageOptions,
  recipe: ImageRecipe,
  tar: string,
): Promise<void> {
  const [repo, tag] = imageTag(recipe).split(":");
  const { size } = await stat(tar);
  const broken = new AbortController();
  const abortSignal = AbortSignal.any([broken.signal, ...(signal ? [signal] : [])]);
  const file = pipeline(createReadStream(tar), counting(size, progress), (cause) => {
    if (cause) broken.abort(cause);
  });
  try {
    const options = { repo, tag, changes: recipe.start, abortSignal };
    await follow(docker, await docker.importImage(file, options), progress);
  } catch (cause) {
    signal?.throwIfAborted();
    if (saysDiskFull(cause)) throw diskFull("Docker's data", size, "the host image");
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `Docker refused the host image (${reason}). Remove ${tar} and run this again: it is then built anew.`,
    );
  } finally {
    file.destroy();
  }
}

const TELL_EVERY = 10e6;

/** Passes bytes on and tells how many have gone. */
function counting(size: number, progress: (line: string) => void): Transform {
  let [sent, told] = [0, 0];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      if (sent - told >= TELL_EVERY) {
        told = sent;
        progress(`importing ${Math.round(sent / 1e6)} of ${Math.round(size / 1e6)} MB`);
      }
      done(null, chunk);
    },
  });
}

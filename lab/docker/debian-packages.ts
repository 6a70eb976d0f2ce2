import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../components/core/config/finding";
import { lastWords, type Run } from "./command";
import { packageProgress } from "./package-progress";

export interface InstallOptions {
  run: Run;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** Where apt keeps its package lists. */
  lists?: string;
}

const LISTS = "/var/lib/apt/lists";
const DAY_MS = 86_400_000;
// Another apt at work (unattended-upgrades) is waited for.
const OPTIONS = ["-o", "DPkg::Lock::Timeout=300"];
const QUESTIONS = { DEBIAN_FRONTEND: "noninteractive" };

/**
 * Installs Debian packages without their recommendations, as root. Fresh package lists are fetched when there are
 * none, when they are older than a day, or when the installation fails with the ones that are there.
 */
export async function installPackages(packages: readonly string[], options: InstallOptions): Promise<void> {
  const { run, progress, signal, lists = LISTS } = options;
  const apt = (words: readonly string[]) =>
    run("apt-get", words, { env: QUESTIONS, signal, onLine: packageProgress(progress) });
  const install = () => apt(["install", "--yes", "--no-install-recommends", ...OPTIONS, ...packages]);
  const update = () => apt(["update", ...OPTIONS]);
  progress(`installing ${packages.join(", ")}`);
  const old = newestList(lists) < Date.now() - DAY_MS;
  if (old) await update();
  let outcome = await install();
  if (outcome.status !== 0 && !old) {
    await update();
    outcome = await install();
  }
  if (outcome.status === 0) return;
  throw new UserError(
    `apt-get could not install ${packages.join(" ")}:\n${lastWords(outcome.stderr || outcome.stdout)}\n` +
      `Remedy: make \`apt-get install ${packages.join(" ")}\` work on this machine, then run this again.`,
  );
}

/** When the newest package list was fetched, in ms since 1970; 0 where there is none. Mirrors keep their own file times. */
function newestList(folder: string): number {
  try {
    const files = readdirSync(folder).filter((name) => /_(InRelease|Release|Packages)/.test(name));
    return Math.max(0, ...files.map((name) => statSync(join(folder, name)).ctimeMs));
  } catch {
    return 0;
  }
}

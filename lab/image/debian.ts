import { UserError } from "../../components/core/config/finding";
import type { CommandOptions, Run } from "../docker/command";
import { lastWords } from "../docker/command";
import { packageProgress } from "../docker/package-progress";
import type { ImageRecipe } from "./recipe";

export const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const DEBIAN = "http://deb.debian.org";

/**
 * One-line apt sources for a suite with its updates and security fixes: those that this machine itself uses (a mirror
 * near it, or the only one it can reach), or Debian's own where it is no Debian of that suite.
 */
export async function aptSources(suite: string, run: Run): Promise<string[]> {
  const wanted = [suite, `${suite}-updates`, `${suite}-security`];
  const own = await configuredSources(run);
  const found = wanted.flatMap((each) => own.find(({ release }) => release === each)?.line ?? []);
  return found.length === wanted.length
    ? found
    : [
        `deb ${DEBIAN}/debian ${suite} main`,
        `deb ${DEBIAN}/debian ${suite}-updates main`,
        `deb ${DEBIAN}/debian-security ${suite}-security main`,
      ];
}

async function configuredSources(run: Run): Promise<{ release: string; line: string }[]> {
  const words = [
    "indextargets",
    "--format",
    "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)",
    "Created-By: Packages",
  ];
  const { stdout } = await run("apt-get", words);
  return stdout.split("\n").flatMap((line) => {
    const [origin, uri, release, component] = line.split("|");
    return origin === "Debian" && release && component === "main"
      ? [{ release, line: `deb ${uri} ${release} main` }]
      : [];
  });
}

export interface DebianBuild {
  recipe: ImageRecipe;
  sources: readonly string[];
  /** Folder with the recipe's files. */
  overlay: string;
  /** Tar to write. */
  output: string;
}

/** The words of the mmdebstrap call that makes a recipe's system. Pure. */
export function mmdebstrapWords({ recipe, sources, overlay, output }: DebianBuild): string[] {
  return [
    "--mode=root",
    "--format=tar",
    "--verbose",
    `--variant=${recipe.variant}`,
    `--include=${recipe.packages.join(",")}`,
    `--keyring=${KEYRING}`,
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
    ...recipe.excluded.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    `--customize-hook=sync-in ${quote(overlay)} /`,
    ...recipe.steps.map((step) => `--customize-hook=chroot "$1" ${step.map(quote).join(" ")}`),
    recipe.suite,
    output,
    ...sources,
  ];
}

/** mmdebstrap hands hooks to a shell. */
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Namespaces of its own for processes and mounts, which vanish whole when its first process dies, and that dies with
 * this process. mmdebstrap mounts /dev, /proc and /sys into what it builds: left behind by a kill, they would make
 * removing the build's folder a danger.
 */
const CONTAINED = [
  ...["setpriv", "--pdeathsig", "KILL"],
  ...["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"],
] as const;

/** Makes a Debian system as a tar. `scratch` takes the unpacked system, about 500 MB, until the tar is written. */
export async function buildDebian(
  build: DebianBuild,
  {
    scratch,
    progress,
    run,
    signal,
  }: { scratch: string; progress: (line: string) => void; run: Run; signal?: AbortSignal | undefined },
): Promise<void> {
  const options: CommandOptions = {
    env: { TMPDIR: scratch, DEBIAN_FRONTEND: "noninteractive" },
    signal,
    // Anything milder unshare keeps to itself.
    endBy: "SIGKILL",
    onLine: packageProgress(progress),
  };
  const [program, ...words] = CONTAINED;
  const { status, stderr, stdout } = await run(
    program,
    [...words, "mmdebstrap", ...mmdebstrapWords(build)],
    options,
  );
  if (status === 0) return;
  throw new UserError(
    `mmdebstrap could not make the host image (status ${status}):\n${lastWords(stderr || stdout)}\n` +
      `It used ${build.sources.join(" · ")}. Run this again once that is solved.`,
  );
}

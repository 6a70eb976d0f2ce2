/** Words of a command. */
export type Words = [program: string, ...args: string[]];

export type PackageManagerName = "apt" | "dnf" | "apk";

/** How one package manager is spoken to. Commands only: whoever runs them does the rest. */
export interface PackageManager {
  /** Lists which of these are installed. Its exit code says nothing: it fails where any is unknown. */
  query(names: readonly string[]): Words;
  /** The names in what `query` printed. */
  installed(stdout: string): string[];
  /** Fetches the lists of packages. Absent where installing does that. */
  update?: Words;
  /** Whether `update` failed because another process has the lists, for which it does not wait. */
  isBusy(stderr: string): boolean;
  install(names: readonly string[]): Words;
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** Names at the start of lines that end with ` installed`, the form that we ask dpkg and rpm for. */
const marked = (stdout: string): string[] =>
  lines(stdout).flatMap((line) => /^(\S+) installed$/.exec(line)?.[1] ?? []);

const apt: PackageManager = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  query: (names) => ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", ...names],
  installed: marked,
  update: ["apt-get", "update", "-qq"],
  isBusy: (stderr) => stderr.includes("Could not get lock"),
  install: (names) => [
    ...(["apt-get", "install", "-qq", "--yes", "--no-install-recommends"] satisfies Words),
    // A held dpkg lock (unattended-upgrades at first boot) is waited for; our own files win over a package's examples.
    ...["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"],
    ...names,
  ],
};

const dnf: PackageManager = {
  query: (names) => ["rpm", "--query", "--queryformat=%{NAME} installed\\n", ...names],
  installed: marked,
  // It fetches its lists itself when they are old, and waits for another one's lock.
  isBusy: () => false,
  install: (names) => [
    "dnf",
    "install",
    "--quiet",
    "--assumeyes",
    "--setopt=install_weak_deps=False",
    ...names,
  ],
};

const apk: PackageManager = {
  query: (names) => ["apk", "info", "--installed", ...names],
  installed: lines,
  update: ["apk", "update", "--quiet"],
  isBusy: (stderr) => stderr.includes("Unable to lock database"),
  install: (names) => ["apk", "add", "--quiet", ...names],
};

export const packageManagers: Readonly<Record<PackageManagerName, PackageManager>> = { apt, dnf, apk };

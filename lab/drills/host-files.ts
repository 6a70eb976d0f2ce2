import { sha256 } from "../../agent/disk";
import { mustEnd } from "./run";
import type { SampleLab } from "./sample-lab";

/** What lies on a host beside its image: kind, mode, owner and content of each path, by path. */
export type HostFiles = ReadonlyMap<string, string>;

interface Exception {
  /** Of paths; a folder stands for all below it. */
  paths: RegExp;
  because: string;
}

/** What may differ between two hosts that are the same, or on one host between two looks, and why. */
const EXCEPTIONS: readonly Exception[] = [
  { paths: /^\/var\/(log|tmp)\//, because: "programs write there what they like, when they like" },
  {
    paths: /^\/var\/(lib|cache|spool)\/(?!nodewright\/|dpkg\/(status$|info\/))[^/]+\//,
    because: "the state of programs: theirs, and it grows; the folders themselves count, and all of ours",
  },
  { paths: /^\/etc\/machine-id$/, because: "each machine's own" },
  { paths: /^\/data\/[^/]+\//, because: "the chain: it grows" },
  { paths: /^\/etc\/ssh\/ssh_host_/, because: "each machine's own" },
  {
    paths: /^\/var\/lib\/nodewright\/(audit\.jsonl|provision\.json)$/,
    because: "times, and how many runs it took: the drill compares the bundle and the result that they tell",
  },
];

const isExempt = (path: string): boolean => EXCEPTIONS.some(({ paths }) => paths.test(`${path}`));

interface Cleaned {
  paths: RegExp;
  because: string;
  clean: (text: string) => string;
}

/** Files that hold a date: what else they hold is compared. */
const CLEANED: readonly Cleaned[] = [
  {
    paths: /^\/etc\/shadow-?$/,
    because: "the day of a password's last change: a drill may last past midnight",
    clean: (text) => text.replace(/^([^:]*:[^:]*):\d*/gm, "$1:"),
  },
  {
    paths: /^\/etc\/sudoers\.d\/90-cloud-init-users$/,
    because: "the time at which cloud-init wrote it",
    clean: (text) => text.replace(/^# Created by cloud-init .*$/m, ""),
  },
];

/** NUL between paths. One line a path: name; kind, mode, owner, group; target of a link; time; what tells its version. */
const LOOK = String.raw`xargs -0 -r stat --printf '%n\t%F %a %U:%G\t%N\t%Y\t%d %i %s %z\n' -- 2>/dev/null || true`;
/** NUL between paths. Files that are gone meanwhile have no line. */
const SUMS = "xargs -0 -r sha256sum -- 2>/dev/null || true";

/**
 * Hashes of files that were read, by container, path, inode, size and time of the last change of anything (which no
 * program can set): most of a host is programs of hundreds of megabytes, and a drill looks at them again and again.
 */
const read = new Map<string, string>();

interface Version {
  path: string;
  /** A key of `read`. */
  version: string;
}

async function hashesOf(
  lab: SampleLab,
  host: string,
  files: readonly Version[],
): Promise<Map<string, string>> {
  const unread = files.filter(({ version }) => !read.has(version));
  const names = unread.map(({ path }) => path).join("\0");
  const out = mustEnd(`read files of ${host}`, await lab.feed(host, ["sh", "-c", SUMS], names));
  const sums = new Map(lines(out).map((line) => [line.slice(66), line.slice(0, 64)] as const));
  for (const { path, version } of unread) {
    const sum = sums.get(path);
    if (sum !== undefined) read.set(version, sum);
  }
  return new Map(
    files.flatMap(({ path, version }) => {
      const sum = read.get(version);
      return sum === undefined ? [] : [[path, sum] as const];
    }),
  );
}

interface Look {
  /** Whether the time of a file's last change counts. */
  times?: boolean;
  /** Further paths that do not count in this look. */
  except?: RegExp;
}

/** Looks at every path of a host that its image does not have, or has otherwise, and at the folders of its data. */
export async function filesOf(
  lab: SampleLab,
  host: string,
  { times, except }: Look = {},
): Promise<HostFiles> {
  const changes = (await lab.container(host).changes()) as { Path: string }[];
  const data = (await lab.inHost(host, "find", "/data", "-maxdepth", "1")).trim().split("\n");
  const paths = [...new Set([...changes.map(({ Path }) => Path), ...data])].filter(
    (path) => !isExempt(path) && !isExempt(`${path}/`) && !except?.test(path),
  );
  const out = mustEnd(`look at ${host}`, await lab.feed(host, ["sh", "-c", LOOK], paths.join("\0")));
  const entries = lines(out).map((line) => line.split("\t"));
  const { Id } = await lab.container(host).inspect();
  const regular = entries.filter(([, kind]) => kind?.startsWith("regular"));
  const versions = regular.map(([path = "", , , , version]) => ({
    path,
    version: `${Id} ${path} ${version}`,
  }));
  const hashes = await hashesOf(lab, host, versions);
  const files = new Map<string, string>(paths.map((path) => [path, "gone"]));
  for (const [path = "", kind = "", name = "", time = ""] of entries) {
    const link = name.includes(" -> ") ? ` ${name.slice(name.indexOf(" -> ") + 1)}` : "";
    const hash = hashes.get(path);
    const at = times && !kind.startsWith("directory") ? ` at ${time}` : "";
    files.set(path, `${kind}${link}${hash === undefined ? "" : ` ${hash}`}${at}`);
  }
  for (const path of paths.filter((each) => files.get(each) !== "gone")) {
    const cleaned = CLEANED.find((each) => each.paths.test(path));
    const state = (files.get(path) ?? "").replace(/ [0-9a-f]{64}/, "");
    if (cleaned)
      files.set(
        path,
        `${state} ${sha256(cleaned.clean(await lab.inHost(host, "cat", path)))}, without its date`,
      );
  }
  return files;
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** Every path that differs, one line each; empty where the two are the same. */
export function differences(one: HostFiles, other: HostFiles): string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [one.get(path) ?? "gone", other.get(path) ?? "gone"];
    return was === is ? [] : [`${path}: ${was} / ${is}`];
  });
}

/** Throws with every path that differs. */
export function mustBeSame(what: string, one: HostFiles, other: HostFiles): void {
  if (one.size < 20) throw new Error(`${what}: only ${one.size} paths were seen, the look itself is wrong`);
  const found = differences(one, other);
  if (found.length > 0)
    throw new Error(`${what}: ${found.length} paths differ\n${found.slice(0, 40).join("\n")}`);
}

import { UserError } from "../../../components/core/config/finding";
import { type LockEntry, releaseLockSchema } from "../../../components/core/releases";
import type { Inspection, PackedFile } from "./inspect";

/** What the operator says of a file, beside the file itself. */
export interface Wishes {
  url: string;
  name?: string;
  version?: string;
  /** `nodeos`, or `nodeos=path/in/the/archive`. */
  programs?: string[];
  signature?: { key: string; value: string };
}

/** Programs that services ask for: taken where an archive has them and nobody says which are meant. */
const ASKED_FOR = [
  ...["nodeos", "cleos", "keosd", "node"],
  ...["eos-evm-node", "eos-evm-rpc", "eos-evm-miner", "trustevm-node", "trustevm-rpc"],
];
/** There on every Debian and Ubuntu, and no package to install. */
const ALWAYS_THERE = ["libc6", "libgcc-s1", "libstdc++6"];

/**
 * The entry of the release lock for a file. What the lock says already of how its programs are run, and nobody says anew,
 * stays. Throws a `UserError` with everything that must still be said.
 */
export function entryOf(found: Inspection, wishes: Wishes, entries: readonly LockEntry[] = []): LockEntry {
  const base = decodeURIComponent(new URL(wishes.url).pathname.split("/").at(-1) ?? "");
  const { stem, version: told } = nameParts(base);
  const name = wishes.name ?? found.debian?.name ?? stem;
  const version = wishes.version ?? found.debian?.version ?? told;
  const architecture = found.debian?.architecture;
  const problems = [
    ...(/^[a-z][a-z0-9-]*$/.test(name) ? [] : [`no name could be made of "${base}": give one with --name`]),
    ...(version === undefined ? [`"${base}" names no version: give one with --version`] : []),
    ...(architecture === undefined || ["amd64", "all"].includes(architecture)
      ? []
      : [`the package is for ${architecture}, and hosts are amd64: take that one`]),
  ];
  const before = entries.find((each) => each.name === name);
  const { programs, problem } = programsIn(found, { wanted: wishes.programs, name, base, before });
  if (problem !== undefined) problems.push(problem);
  if (problems.length > 0 || version === undefined) throw new UserError(problems.join("\n"));
  const packages = found.debian?.depends.filter((each) => !ALWAYS_THERE.includes(each)) ?? [];
  return releaseLockSchema.shape.releases.element.parse({
    name,
    version,
    sha256: found.sha256,
    format: found.format,
    programs,
    ...(before ? { keep: before.keep, needs: before.needs } : {}),
    ...(packages.length > 0 ? { packages } : {}),
    ...(wishes.signature ? { signature: wishes.signature } : {}),
    source: { kind: "url", url: wishes.url },
  });
}

/** `eos-evm-node-1.0.6.tar.gz`, `antelope-spring_1.2.2_amd64.deb`: what comes before a number, and the number. */
function nameParts(base: string): { stem: string; version?: string } {
  const bare = base.replace(/\.(tar\.gz|tgz|zip|deb|whl|js|gz)$/i, "").toLowerCase();
  const [, stem, version] = /^(.*?)[-_.]v?(\d+(?:\.\d+)+(?:-[a-z0-9.]+)?)/.exec(bare) ?? [];
  return version === undefined ? { stem: bare } : { stem: (stem ?? bare).replaceAll("_", "-"), version };
}

type Programs = Record<string, Partial<LockEntry["programs"][string]> & { path: string }>;

interface Named {
  wanted: string[] | undefined;
  name: string;
  base: string;
  before: LockEntry | undefined;
}

function programsIn(
  { format, files }: Inspection,
  { wanted, name, base, before }: Named,
): { programs: Programs; problem?: string } {
  const asBefore = before?.programs ?? {};
  if (format === "file") {
    const path = base.endsWith(".js") ? `${name}.js` : name;
    const names = (wanted ?? [name]).map((each) => each.split("=")[0] ?? each);
    const isKept = wanted === undefined && before?.format === "file";
    return { programs: isKept ? asBefore : Object.fromEntries(names.map((each) => [each, program(path)])) };
  }
  const sought = wanted ?? (before ? Object.keys(asBefore) : ASKED_FOR.filter((each) => pathOf(files, each)));
  const found = sought.map((each): [string, string | undefined] => {
    const [program = "", path] = each.split("=");
    return [
      program,
      whole(files, path ?? asBefore[program]?.path) ??
        (path === undefined ? pathOf(files, program) : undefined),
    ];
  });
  const missing = found.filter(([, path]) => path === undefined).map(([program]) => program);
  const executables = files
    .filter(({ isExecutable }) => isExecutable)
    .map(({ path }) => path)
    .sort();
  const there = executables.length > 0 ? executables.slice(0, 20).join(", ") : "none is executable";
  if (missing.length > 0 || found.length === 0)
    return {
      programs: {},
      problem: `${missing.length > 0 ? `the file has no program ${missing.join(", ")}` : "none of its programs is one that services ask for"}: name them with --programs NAME=PATH (there: ${there})`,
    };
  const programs = found.map(([each, path = ""]) => [each, { ...asBefore[each], ...program(path) }]);
  return { programs: Object.fromEntries(programs) };
}

const program = (path: string) => (/\.[cm]?js$/.test(path) ? { path, interpreter: "node" } : { path });

const whole = (files: readonly PackedFile[], path: string | undefined): string | undefined =>
  files.find((each) => each.path === path?.replace(/^\.?\//, ""))?.path;

/** An executable of that name; of several the one that lies least deep. */
const pathOf = (files: readonly PackedFile[], name: string): string | undefined =>
  files
    .filter(({ path, isExecutable }) => isExecutable && path.split("/").at(-1) === name)
    .map(({ path }) => path)
    .sort((one, other) => one.split("/").length - other.split("/").length || (one < other ? -1 : 1))[0];

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync, version } from "esbuild";
import { z } from "zod";
import { PROJECT } from "./stack-file";

/** Where the programs of this repository are kept as they were last built; may be deleted at any time. */
const KEPT = join(PROJECT, ".nodewright", "programs");
/** What shapes a program besides its sources: settings of the compiler, and which packages there are. */
const SETTINGS = ["package.json", "package-lock.json", "tsconfig.json"];
const OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
} as const;

/** A program, and every file that it was built from with its hash. */
interface Built {
  content: Uint8Array;
  inputs: Record<string, string>;
}

const record = z.object({
  by: z.string(),
  inputs: z.record(z.string(), z.string()),
  sha256: z.string(),
  content: z.base64(),
});

const BY = `esbuild ${version} ${JSON.stringify(OPTIONS)}`;
const known = new Map<string, Uint8Array>();

const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/**
 * The bytes of a program of this repository, by its first file: built once for a process, and by the next one only where a
 * file that it was made of has changed. A build of all programs takes 1.5 s of a processor, and every look at a stack needs
 * their hashes.
 */
export function projectProgram(entry: string, folder = PROJECT, kept = KEPT): Uint8Array {
  const path = join(folder, entry);
  const content = known.get(path) ?? keptProgram(entry, folder, kept);
  known.set(path, content);
  return content;
}

/** What was kept, if it is still what a build would give; else a new build, which is kept. */
export function keptProgram(entry: string, folder: string, kept: string): Uint8Array {
  const file = join(kept, `${hash(entry).slice(0, 16)}.json`);
  const before = readKept(file);
  if (before && isFresh(before.inputs, folder)) return before.content;
  const built = buildProgram(entry, folder);
  keep(file, built);
  return built.content;
}

/** Builds a program: one CommonJS file, the same on every machine. */
export function buildProgram(entry: string, folder = PROJECT): Built {
  const { outputFiles, metafile } = buildSync({
    ...OPTIONS,
    entryPoints: [join(folder, entry)],
    absWorkingDir: folder,
    metafile: true,
    write: false,
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild gave nothing for ${entry}`);
  const paths = Object.keys(metafile.inputs);
  const looked = [...paths, ...SETTINGS, ...paths.flatMap(preferredTo)];
  return {
    content: output.contents,
    inputs: Object.fromEntries(looked.map((path) => [path, hashOf(path, folder)])),
  };
}

/** What would be imported in the place of a folder's index, were it there. */
const preferredTo = (path: string): string[] =>
  path.endsWith("/index.ts") ? [path.replace(/\/index\.ts$/, ".ts")] : [];

const ABSENT = "absent";

function hashOf(path: string, folder: string): string {
  const file = join(folder, path);
  return existsSync(file) ? hash(readFileSync(file)) : ABSENT;
}

const isFresh = (inputs: Built["inputs"], folder: string): boolean =>
  Object.entries(inputs).every(([path, sha256]) => hashOf(path, folder) === sha256);

/** Nothing where there is no whole record, or one of another compiler. */
function readKept(file: string): Built | undefined {
  try {
    const { by, inputs, sha256, content } = record.parse(JSON.parse(readFileSync(file, "utf8")));
    const bytes = Buffer.from(content, "base64");
    return by === BY && hash(bytes) === sha256 ? { inputs, content: bytes } : undefined;
  } catch {
    return undefined;
  }
}

function keep(file: string, { content, inputs }: Built): void {
  const text = JSON.stringify({
    by: BY,
    inputs,
    sha256: hash(content),
    content: Buffer.from(content).toString("base64"),
  });
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    // A folder that nobody may write to, or a full disk: the next process builds it anew.
  }
}

import { existsSync, readFileSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { applyEdits, modify } from "jsonc-parser";
import { UserError } from "../../../components/core/config/finding";
import { type LockEntry, programsOf, releaseLockSchema } from "../../../components/core/releases";
import { parseLock } from "../../../stacks/releases";
import { PROJECT } from "../../../stacks/stack-file";
import type { Comparison } from "./compare";

const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: "\n" } };
/** What every host runs, whatever else: taken from the lab's lock into a new one. */
const EVERY_HOST = ["node", "nodewright-host"];
const TEMPLATE = join(PROJECT, "lab/releases/lock.json");

export interface LockFile {
  path: string;
  isNew: boolean;
  text: string;
  entries: LockEntry[];
}

/** Reads a release lock, or begins one with what every host runs. Throws a `UserError` with its mistakes. */
export function readLock(path: string): LockFile {
  const isNew = !existsSync(path);
  const text = isNew ? firstText() : readFileSync(path, "utf8");
  return { path, isNew, text, entries: entriesOf(path, text) };
}

function entriesOf(path: string, text: string): LockEntry[] {
  const { value, problem } = parseLock(text);
  if (problem !== undefined) throw new UserError(`${path}: ${problem}`);
  const parsed = releaseLockSchema.safeParse(value);
  if (parsed.success) return parsed.data.releases;
  throw new UserError(
    parsed.error.issues.map((issue) => `${path}: ${issue.path.join(".")} ${issue.message}`).join("\n"),
  );
}

const firstText = (): string => {
  const template = JSON.parse(readFileSync(TEMPLATE, "utf8")) as { releases: { name: string }[] };
  const releases = template.releases.filter(({ name }) => EVERY_HOST.includes(name));
  return `${JSON.stringify({ releases }, null, 2)}\n`;
};

/** The lock's text with an entry in it: everything else, comments and spaces too, stays as it was. */
export function withEntry({ text, entries }: LockFile, entry: LockEntry, { takesOver }: Comparison): string {
  const at = entries.findIndex(({ name }) => name === entry.name);
  const plain = plainEntry(entry);
  let edited = text;
  const set = (path: (string | number)[], value: unknown, isArrayInsertion = false) => {
    edited = applyEdits(edited, modify(edited, path, value, { ...FORMAT, isArrayInsertion }));
  };
  if (at === -1) set(["releases", entries.length], plain, true);
  const before = at === -1 ? plain : plainEntry(entries[at] as LockEntry);
  for (const key of new Set([...Object.keys(before), ...Object.keys(plain)]))
    if (JSON.stringify(before[key]) !== JSON.stringify(plain[key])) set(["releases", at, key], plain[key]);
  // From the last on: taking one away moves those behind it.
  for (const { name, programs } of [...takesOver].reverse()) {
    const index = entries.findIndex((each) => each.name === name);
    const rest = programsOf(entries[index] as LockEntry).filter((program) => !programs.includes(program));
    if (rest.length === 0) set(["releases", index], undefined);
    else for (const program of programs) set(["releases", index, "programs", program], undefined);
  }
  return edited;
}

/** Without the defaults that the schema filled in: a lock says what is not plain. */
function plainEntry(entry: LockEntry): Record<string, unknown> {
  const isDefault = (value: unknown) =>
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  const plain = (value: object) =>
    Object.fromEntries(Object.entries(value).filter(([, each]) => !isDefault(each)));
  const programs = Object.entries(entry.programs).map(([name, program]) => [name, plain(program)]);
  return { ...plain(entry), programs: Object.fromEntries(programs) };
}

/** Puts the new text in place at once. Throws a `UserError`, and leaves the file, where somebody changed it meanwhile. */
export async function writeLock({ path, isNew, text }: LockFile, next: string): Promise<void> {
  entriesOf(path, next);
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  try {
    const file = await open(fresh, "wx", 0o644);
    await file
      .writeFile(next)
      .then(() => file.sync())
      .finally(() => file.close());
    const isSame = isNew ? !existsSync(path) : existsSync(path) && readFileSync(path, "utf8") === text;
    if (!isSame) throw new UserError(`${path}: was changed by somebody else meanwhile; run this again`);
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
}

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Ids } from "./accounts";
import { HostError, type System } from "./system";

export interface Entry extends Ids {
  kind: "file" | "directory" | "link" | "other";
  /** Four octal digits. */
  mode: string;
}

export type Owner = Ids & { mode: string };

export const sha256 = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex");

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

/** Undefined if there is none. */
export async function readBytes(system: System, path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(system.path(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export const readText = async (system: System, path: string): Promise<string | undefined> =>
  (await readBytes(system, path))?.toString();

/** What lies at a path, itself and not what a link points to. */
export async function inspect(system: System, path: string): Promise<Entry | undefined> {
  try {
    const found = await lstat(system.path(path));
    const kind = found.isFile()
      ? "file"
      : found.isDirectory()
        ? "directory"
        : found.isSymbolicLink()
          ? "link"
          : "other";
    return { kind, mode: (found.mode & 0o7777).toString(8).padStart(4, "0"), uid: found.uid, gid: found.gid };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Names inside a folder; none if there is no folder. */
export async function list(system: System, path: string): Promise<string[]> {
  try {
    return await readdir(system.path(path));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export const isOwned = (entry: Entry, owner: Owner): boolean =>
  Number.parseInt(entry.mode, 8) === Number.parseInt(owner.mode, 8) &&
  entry.uid === owner.uid &&
  entry.gid === owner.gid;

/**
 * Puts a whole file in place at once: a reader, or a power cut, sees the old content or the new.
 * Without `owner` it belongs to this process' user, mode 0644.
 */
export async function writeAtomic(
  system: System,
  path: string,
  content: string | Buffer,
  owner?: Owner,
): Promise<void> {
  await ensureFolder(system, dirname(path));
  const temporary = temporaryOf(path);
  await remove(system, temporary);
  // "wx" follows no link: the folder may belong to a service's user, and this process is root.
  const file = await open(system.path(temporary), "wx", 0o600);
  try {
    await file.writeFile(content);
    if (owner) await file.chown(owner.uid, owner.gid);
    await file.chmod(Number.parseInt(owner?.mode ?? "0644", 8));
    await file.sync();
  } finally {
    await file.close();
  }
  await move(system, temporary, path);
}

const temporaryOf = (path: string): string => join(dirname(path), `.${basename(path)}.nodewright`);

/** True if a file is as `writeAtomic` leaves it: with nothing beside it from a run that was killed. */
export async function isWritten(
  system: System,
  path: string,
  content: string,
  owner: Owner | undefined,
): Promise<boolean> {
  const [entry, leftover] = await Promise.all([inspect(system, path), inspect(system, temporaryOf(path))]);
  if (leftover || entry?.kind !== "file" || !owner || !isOwned(entry, owner)) return false;
  return (await readText(system, path)) === content;
}

/** Renames, and makes the new name outlive a power cut. */
export async function move(system: System, from: string, to: string): Promise<void> {
  await rename(system.path(from), system.path(to));
  const folder = await open(system.path(dirname(to)), "r");
  await folder.sync().finally(() => folder.close());
}

/** Makes a folder and those above it, readable by all. */
export async function ensureFolder(system: System, path: string): Promise<void> {
  await mkdir(system.path(path), { recursive: true, mode: 0o755 });
}

/** Sets owner and mode of a folder. A link there is refused: whoever may put one would get the folder it names. */
export async function ownFolder(system: System, path: string, { uid, gid, mode }: Owner): Promise<void> {
  let folder: FileHandle;
  try {
    folder = await open(system.path(path), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && "code" in error && error.code === "ELOOP")) {
      throw new HostError(
        `${path} is not a folder: move what lies there (a link: use a bind mount), then provision again`,
      );
    }
    throw error;
  }
  try {
    await folder.chown(uid, gid);
    await folder.chmod(Number.parseInt(mode, 8));
  } finally {
    await folder.close();
  }
}

/** Removes a file or a whole folder, if it is there. */
export const remove = (system: System, path: string): Promise<void> =>
  rm(system.path(path), { recursive: true, force: true });

/** Reads one of our own JSON files; `fallback` if there is none or it is not whole. */
export async function readState<State>(
  system: System,
  path: string,
  parse: (value: unknown) => State,
  fallback: State,
): Promise<State> {
  const text = await readText(system, path);
  if (text === undefined) return fallback;
  try {
    return parse(JSON.parse(text));
  } catch {
    return fallback;
  }
}

export const writeState = (system: System, path: string, state: unknown): Promise<void> =>
  writeAtomic(system, path, `${JSON.stringify(state, null, 1)}\n`);

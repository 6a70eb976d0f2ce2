import { statfs } from "node:fs/promises";
import { UserError } from "../../components/core/config/finding";

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** Bytes that this process may still write below a folder. */
async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Throws before a long work begins that the disk cannot hold. */
export async function requireSpace(folder: string, bytes: number, what: string): Promise<void> {
  const free = await freeSpace(folder);
  if (free < bytes) throw diskFull(folder, bytes, what, free);
}

export const diskFull = (folder: string, bytes: number, what: string, free?: number): UserError =>
  new UserError(
    `the disk of ${folder} is too full for ${what}: it needs ${megabytes(bytes)}` +
      `${free === undefined ? "" : `, ${megabytes(free)} are free`}. Make room, then run this again: it goes on from here.`,
  );

/** Whether an error, or a program's words, tell that a disk is full. */
export const saysDiskFull = (cause: unknown): boolean =>
  /ENOSPC|no space left on device/i.test(cause instanceof Error ? cause.message : String(cause));

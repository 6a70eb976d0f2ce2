import { spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { ensureFolder } from "./disk";
import { LOCK } from "./layout";
import { HostError, type System } from "./system";

/** Another process is at work on this host. */
export class LockedError extends Error {}

/** What flock(1) ends with when another holds the lock. */
const CONFLICT = 1;

/**
 * Runs `work` while no other process of ours works on this host; waits `waitSeconds` for one that does (default 0).
 * flock(1) locks the open file that it is handed, so the lock is this process' own and ends with it, however it dies.
 */
export const locked = <Result>(
  system: System,
  purpose: string,
  work: () => Promise<Result>,
  waitSeconds = 0,
): Promise<Result> => lockedAt(system, { path: LOCK, mode: 0o600, waitSeconds }, purpose, work);

interface At {
  path: string;
  /** Who else may take it; flock(1) needs to read the file. */
  mode: number;
  waitSeconds: number;
}

/** The same with a lock of its own. */
export async function lockedAt<Result>(
  system: System,
  { path, mode, waitSeconds }: At,
  purpose: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await ensureFolder(system, dirname(path));
  const file = await open(system.path(path), "a+", mode);
  try {
    await lock(file, waitSeconds);
    await file.truncate();
    await file.write(`${purpose}, process ${process.pid}, since ${system.now().toISOString()}`);
    return await work();
  } finally {
    await file.close();
  }
}

async function lock(file: FileHandle, waitSeconds: number): Promise<void> {
  const patience = waitSeconds > 0 ? ["--timeout", String(waitSeconds)] : ["--nonblock"];
  const child = spawn("flock", [...patience, "3"], { stdio: ["ignore", "ignore", "ignore", file.fd] });
  const [code]: unknown[] = await once(child, "close");
  if (code === 0) return;
  if (code !== CONFLICT)
    throw new HostError(`flock ended with ${String(code)}: is the lock on a local disk?`);
  const holder = (await file.readFile()).toString().trim();
  throw new LockedError(
    `this host is being worked on (${holder || "unknown"}); wait for its end, then try again`,
  );
}

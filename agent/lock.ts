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
export async function locked<Result>(
  system: System,
  purpose: string,
  work: () => Promise<Result>,
  waitSeconds = 0,
): Promise<Result> {
  await ensureFolder(system, dirname(LOCK));
  const file = await open(system.path(LOCK), "a+", 0o600);
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
  if (code !== CONFLICT) throw new HostError(`flock ended with ${String(code)}: is ${LOCK} on a local disk?`);
  const holder = (await file.readFile()).toString().trim();
  throw new LockedError(
    `this host is being worked on (${holder || "unknown"}); wait for its end, then try again`,
  );
}

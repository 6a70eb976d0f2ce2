import { readFileSync } from "node:fs";

/** The process that a pid file names, if it lives and its command line has `mark` in it: pids are used again. */
export function processOf(pidFile: string, mark: string): number | undefined {
  const pid = Number(readText(pidFile));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  // A zombie's command line is empty.
  return readText(`/proc/${pid}/cmdline`)?.includes(mark) ? pid : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** Whether a process of that number lives, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Asks a process to end and waits until it has. `still` tells whether it lives. False when it did not in time. */
export async function endProcess(pid: number, still: () => boolean, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  if (still()) process.kill(pid, "SIGTERM");
  while (still()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

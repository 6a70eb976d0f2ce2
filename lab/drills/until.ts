import { setTimeout as pause } from "node:timers/promises";

/** A loaded machine may be ten times slower than a quiet one; a wait ends as soon as its condition holds. */
const PATIENCE_SECONDS = 300;
const PAUSE_MS = 250;
/** A look into a host starts a process there: looking without a pause would itself be the load that is waited out. */
const PAUSE_PER_LOOK = 2;

interface Waiting {
  seconds?: number | undefined;
  signal?: AbortSignal | undefined;
  progress?: (line: string) => void;
}

/** Looks again and again until `holds` answers true. An error of it counts as "not yet", and is told at the end. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { seconds = PATIENCE_SECONDS, signal, progress }: Waiting = {},
): Promise<void> {
  const begun = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const looked = performance.now();
    let reason = "";
    try {
      if (await holds()) return;
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() - begun > seconds * 1000)
      throw new Error(`${what} did not come to hold within ${seconds} s${reason}`);
    progress?.(`waiting until ${what}${reason.split("\n")[0]}`);
    await pause(Math.max(PAUSE_MS, PAUSE_PER_LOOK * (performance.now() - looked)));
  }
}

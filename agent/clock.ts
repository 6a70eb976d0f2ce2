import type { System } from "./system";

/** This program was not there before: a clock that says so is wrong. Raised with a release now and then. */
const NOT_BEFORE = Date.parse("2026-01-01T00:00:00Z");
const MOST_OFFSET_MS = 3_600_000;
const TIMEOUT_MS = 3_000;

/**
 * Why this host's clock cannot be right, with the remedy; undefined if nothing speaks against it. The mirror is asked for
 * its time; one that does not answer, or is a folder, says nothing.
 */
export async function clockFault(system: System, mirror: string): Promise<string | undefined> {
  const now = system.now().getTime();
  const remedy =
    "set it (`timedatectl`, `chronyc makestep`) and run this again: signatures, certificates and blocks depend on it";
  if (now < NOT_BEFORE)
    return `the clock says ${system.now().toISOString()}, before this program was made; ${remedy}`;
  const theirs = await mirrorTime(mirror);
  if (theirs === undefined || Math.abs(theirs - now) <= MOST_OFFSET_MS) return undefined;
  const hours = ((now - theirs) / 3_600_000).toFixed(1);
  return `the clock says ${system.now().toISOString()}, ${hours} h from the mirror's ${new Date(theirs).toISOString()}; ${remedy}. If the mirror's is the wrong one, set that`;
}

/** The mirror's clock, in milliseconds since 1970; undefined where it does not tell it. */
export async function mirrorTime(mirror: string): Promise<number | undefined> {
  if (new URL(mirror).protocol === "file:") return undefined;
  const answer = await fetch(mirror, { method: "HEAD", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined,
  );
  const date = Date.parse(answer?.headers.get("date") ?? "");
  // An answer out of a cache is as old as it says.
  return Number.isNaN(date) ? undefined : date + Number(answer?.headers.get("age") ?? 0) * 1000;
}

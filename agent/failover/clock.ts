import { readFileSync } from "node:fs";
import { uptime } from "node:os";

/**
 * Milliseconds since this machine booted, with the time that it slept: `performance.now()` stands still while a machine is
 * suspended, and a wall clock jumps. All deadlines of the protocol are on this one.
 */
export function bootClock(): number {
  try {
    return Number(readFileSync("/proc/uptime", "utf8").split(" ", 1)[0]) * 1000;
  } catch {
    return uptime() * 1000;
  }
}

import { existsSync } from "node:fs";
import { DRILL } from "./layout";
import type { System } from "./system";

/**
 * Ends this process as a power cut would, after the step that `NODEWRIGHT_DIE_AFTER` names: how a drill proves that the next
 * run completes the work. Only while the drill's file is there: a variable alone must never stop a real host's run.
 */
export function dieIfDrilled(system: System, step: string): void {
  if (process.env.NODEWRIGHT_DIE_AFTER === step && existsSync(system.path(DRILL)))
    process.kill(process.pid, "SIGKILL");
}

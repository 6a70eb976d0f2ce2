import { type AuditRecord, audit, auditText, log } from "./audit";
import type { Change, Failure } from "./steps/step";
import type { System } from "./system";

type About = Pick<AuditRecord, "origin" | "from" | "to">;

/** The record of one run's changes: at once in the audit trail, and step by step in the system's journal. */
export interface Trail {
  /** Call it before the change is made. */
  note(step: string, change: Change): Promise<void>;
  /** Ends a step: tells what failed of it, and hands all to the system's journal. */
  endStep(step: string, failed: readonly Failure[]): Promise<void>;
  add(entry: Omit<AuditRecord, "time" | "by">): Promise<void>;
}

export function openTrail(system: System, about: About): Trail {
  let lines: string[] = [];
  const add: Trail["add"] = async (entry) => {
    const record = { ...entry, ...about };
    await audit(system, record);
    lines.push(auditText(record));
  };
  return {
    add,
    note: (step, { what, difference: { before, after } = {} }) =>
      add({
        action: "change",
        step,
        what,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      }),
    endStep: async (step, failed) => {
      for (const { what } of failed) await add({ action: "failed", step, what });
      await log(system, lines);
      lines = [];
    },
  };
}

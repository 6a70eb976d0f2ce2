/** A mistake (`error`) or something an operator should know (`warning`), at the place where the user wrote it. */
export interface Finding {
  severity: "error" | "warning";
  /** Path as the user wrote it, dots between keys: `hosts.producers.count`. Empty for the file as a whole. */
  path: string;
  /** What is wrong, and the way out, in one sentence or two. */
  message: string;
}

/** A mistake: nothing is changed while there is one. */
export const error = (path: string, message: string): Finding => ({ severity: "error", path, message });
/** What an operator should know; it stops nothing. */
export const warning = (path: string, message: string): Finding => ({ severity: "warning", path, message });

/** Whether there is a mistake among them. */
export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.severity === "error");

/** Findings as people read them: one line each, paths in a column, errors before warnings. */
export function printFindings(source: string, findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === "error");
  const warnings = findings.filter((finding) => finding.severity === "warning");
  const lines = (group: readonly Finding[]) => {
    const width = Math.max(0, ...group.map(({ path }) => path.length));
    return group.map(({ path, message }) => `  ${path.padEnd(width)}  ${message}`.trimEnd());
  };
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  return [
    ...(errors.length > 0
      ? [`${source}: ${count(errors.length, "mistake")}, nothing was changed`, "", ...lines(errors)]
      : []),
    ...(errors.length > 0 && warnings.length > 0 ? [""] : []),
    ...(warnings.length > 0
      ? [`${source}: ${count(warnings.length, "warning")}`, "", ...lines(warnings)]
      : []),
  ].join("\n");
}

/** Thrown where the remedy is in the user's hands: shown without a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

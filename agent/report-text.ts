import type { Report, StepResult } from "./provision";
import type { SecretReport } from "./secret";
import type { Failure } from "./steps/step";

/** One line a step: `files        2 changed: /etc/nodeos/config.ini, …`; under it, what failed. */
export function stepText({ name, changed, failed, isSkipped }: StepResult, isDryRun: boolean): string {
  const done =
    changed.length === 0
      ? "no change"
      : `${changed.length} ${isDryRun ? "to change" : "changed"}: ${changed.join(", ")}`;
  const text = isSkipped
    ? "skipped"
    : failed.length > 0 && changed.length === 0
      ? "failed"
      : name === "verify"
        ? "ok"
        : done;
  return [`${name.padEnd(12)} ${text}`, ...failed.map(failureText)].join("\n");
}

export function summaryText({
  host,
  isDryRun,
  result,
  bundle,
  changed,
  waiting,
  seconds,
  steps,
}: Report): string {
  const failed = steps.reduce((sum, step) => sum + step.failed.length, 0);
  const counts = `${changed} ${isDryRun ? "to change" : "changed"}${failed > 0 ? `, ${failed} FAILED` : ""}`;
  const waits = waiting.map(({ unit, secrets }) => `; ${unit} is waiting for secret ${secrets.join(", ")}`);
  return `${host}: ${isDryRun ? "dry run" : result}, ${counts}, bundle ${bundle.slice(0, 12)}, ${seconds.toFixed(1)} s${waits.join("")}`;
}

export function secretText({ name, isStored, changed, failed }: SecretReport): string {
  const outcome = [`secret ${name} ${isStored ? "stored" : "unchanged"}`, ...changed].join("; ");
  return [outcome, ...failed.map(failureText)].join("\n");
}

const failureText = ({ what, reason }: Failure): string =>
  `  FAILED ${what}\n${reason.replace(/^/gm, "    ")}`;

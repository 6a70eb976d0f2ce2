import type { ContentDifference } from "./difference";
import type { Preflight } from "./preflight/check";
import type { Report, StepResult } from "./report";
import type { SecretReport } from "./secret";
import type { Failure } from "./steps/step";
import type { Verification } from "./verification";

/** One line a step: `files        2 changed: /etc/nodeos/config.ini, …`; under it, what failed. */
export function stepText(
  { name, changed, failed, isSkipped, differences = [] }: StepResult,
  isDryRun: boolean,
): string {
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
  return [
    `${name.padEnd(12)} ${text}`,
    ...differences.flatMap(differenceLines),
    ...failed.map(failureText),
  ].join("\n");
}

const short = (hash: string | undefined): string => hash?.slice(0, 12) ?? "none";

const differenceLines = ({ what, before, after, lines = [] }: ContentDifference): string[] => [
  `  ${what} ${short(before)} → ${short(after)}`,
  ...lines.map((line) => `    ${line}`),
];

export function summaryText({
  host,
  isDryRun,
  result,
  bundle,
  changed,
  waiting,
  seconds,
  steps,
  resumedAt,
  verification,
}: Report): string {
  const failed = steps.reduce((sum, step) => sum + step.failed.length, 0);
  const counts = `${changed} ${isDryRun ? "to change" : "changed"}${failed > 0 ? `, ${failed} FAILED` : ""}`;
  const waits = waiting.map(({ unit, secrets }) => `; ${unit} is waiting for secret ${secrets.join(", ")}`);
  const resumed = resumedAt === undefined ? "" : `, the run before stood at ${resumedAt}`;
  const notes = (verification?.checks ?? [])
    .filter(({ name, verdict }) => verdict === "warning" && name !== "services")
    .map(({ name, detail }) => `\n  ${name}: ${detail}`);
  return `${host}: ${isDryRun ? "dry run" : result}, ${counts}, bundle ${bundle.slice(0, 12)}, ${seconds.toFixed(1)} s${resumed}${waits.join("")}${notes.join("")}`;
}

/** One line a check, the worst word first. */
export const verificationText = ({ checks }: Verification): string =>
  checks.map(({ name, verdict, detail }) => `${verdict.padEnd(8)} ${name.padEnd(9)} ${detail}`).join("\n");

/** One line a check, then what the host is. */
export const preflightText = ({ checks, facts }: Preflight): string =>
  [
    ...checks.map(({ name, verdict, found, needed, detail }) => {
      const figures = `${found}${needed === undefined ? "" : `, needed ${needed}`}`;
      return `${verdict.padEnd(8)} ${name.padEnd(18)} ${detail ?? figures}`;
    }),
    ...["cpu", "gzip_mb_per_s", "disk", "filesystem"].flatMap((name) =>
      facts[name] === undefined ? [] : [`${"fact".padEnd(8)} ${name.padEnd(18)} ${facts[name]}`],
    ),
  ].join("\n");

/** In one line, which the stack's outputs are read from (components/ssh/verified.ts): the worst word of each kind of check. */
export function verifiedLine({ verdict, time, checks }: Verification): string {
  const names = [...new Set(checks.map(({ name }) => name))];
  const words = names.map((name) => {
    const verdicts = checks.filter((check) => check.name === name).map((check) => check.verdict);
    return `${name} ${(["failed", "warning"] as const).find((each) => verdicts.includes(each)) ?? "ok"}`;
  });
  return `verified ${verdict} ${time}: ${words.join(", ")}`;
}

export function secretText({ name, isStored, changed, failed }: SecretReport): string {
  const outcome = [`secret ${name} ${isStored ? "stored" : "unchanged"}`, ...changed].join("; ");
  return [outcome, ...failed.map(failureText)].join("\n");
}

const failureText = ({ what, reason }: Failure): string =>
  `  FAILED ${what}\n${reason.replace(/^/gm, "    ")}`;

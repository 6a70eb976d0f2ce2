import type { Origin } from "./audit";
import type { ContentDifference } from "./difference";
import type { JournalEntry } from "./journal";
import type { Waiting } from "./steps/services";
import type { Failure } from "./steps/step";
import type { Verification } from "./verification";

export interface StepResult {
  name: string;
  /** What was changed; in a dry run, what would be. */
  changed: string[];
  failed: Failure[];
  /** Set where a step before it failed. */
  isSkipped: boolean;
  /** In a dry run: of what has content, the old and the new. */
  differences?: ContentDifference[];
}

export interface Report {
  host: string;
  isDryRun: boolean;
  origin: Origin;
  result: "ok" | "failed";
  bundle: string;
  /** Bundle of the provision before this. */
  previous?: string;
  /** Step at which the run before this failed or was killed. */
  resumedAt?: string;
  changed: number;
  steps: StepResult[];
  /** Units that are not started until these secrets are on the host. */
  waiting: Waiting[];
  /** How the host was at the end; missing in a dry run, and where a step failed before. */
  verification?: Verification;
  seconds: number;
}

export const hasFailed = (results: readonly StepResult[]): boolean =>
  results.some(({ failed }) => failed.length > 0);

/** Number of things changed. */
export const countOf = (results: readonly StepResult[]): number =>
  results.reduce((sum, { changed }) => sum + changed.length, 0);

export const skippedStep = (name: string): StepResult => ({ name, changed: [], failed: [], isSkipped: true });

export const failedStep = (name: string, what: string, reason: string): StepResult => ({
  name,
  changed: [],
  failed: [{ what, reason }],
  isSkipped: false,
});

/** The steps as the journal keeps them: those that did something, without reasons, which may quote a log. */
export const recorded = (results: readonly StepResult[]): JournalEntry["steps"] =>
  results
    .map(({ name, changed, failed }) => ({ name, changed, failed: failed.map(({ what }) => what) }))
    .filter(({ changed, failed }) => changed.length + failed.length > 0);

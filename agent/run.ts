import type { Origin } from "./audit";
import { type Bundle, BundleError, currentBundle } from "./bundle";
import { contentDifferences } from "./difference";
import { RefusedError, refusals } from "./guard";
import { type JournalEntry, readJournal, writeJournal } from "./journal";
import { keep, readKept } from "./kept-bundles";
import { during, readManifest, writeManifest } from "./manifest";
import { fitted } from "./operating-system";
import { preflight, preflightFaults } from "./preflight";
import type { Preflight } from "./preflight/check";
import { countOf, failedStep, recorded, type StepResult } from "./report";
import { type Change, type Context, type Failure, reasonOf, type Step } from "./steps/step";
import type { System } from "./system";
import { openTrail, type Trail } from "./trail";

export interface ProvisionOptions {
  /** Look and say, touch nothing. */
  isDryRun: boolean;
  onStep(result: StepResult): void;
  /** Set by a rollback, which may also bring an older document. */
  origin?: Origin;
  mayBeOlder?: boolean;
}

/** One run, from its first look to its record. */
export interface Run {
  context: Context;
  options: ProvisionOptions;
  begun: Date;
  journal: JournalEntry | undefined;
  /** Who asked, for what, after what. */
  about: { origin: Origin; bundle: string; previous?: string };
  trail: Trail;
  /** Of this run, once it was about to change something; else of the one before. */
  preflight: Preflight | undefined;
  results: StepResult[];
}

/** Looks at what earlier runs left. Touches nothing. */
export async function prepare(system: System, bundle: Bundle, options: ProvisionOptions): Promise<Run> {
  const [journal, manifest, kept] = await Promise.all([
    readJournal(system),
    readManifest(system),
    readKept(system),
  ]);
  const isBirth = kept.length === 0 && journal?.result !== "ok";
  const origin = options.origin ?? (isBirth ? "birth" : "change");
  const previous = bundleBefore(journal, bundle);
  return {
    context: {
      system,
      bundle: await fitted(system, bundle),
      manifest,
      kept: await Promise.all(kept.map((each) => fitted(system, each))),
    },
    options,
    begun: system.now(),
    journal,
    about: { origin, bundle: bundle.sha256, ...(previous === undefined ? {} : { previous }) },
    trail: openTrail(system, {
      origin,
      to: bundle.sha256,
      ...(previous === undefined ? {} : { from: previous }),
    }),
    preflight: journal?.preflight,
    results: [],
  };
}

/** The bundle that this one follows: that of the run before, unless that was a try of the same which did not succeed. */
const bundleBefore = (journal: JournalEntry | undefined, { sha256 }: Bundle): string | undefined =>
  journal && journal.result !== "ok" && journal.bundle === sha256 ? journal.previous : journal?.bundle;

/** Plans a step and applies it. Throws only what keeps the whole run from being made or recorded. */
export async function runStep(step: Step, run: Run): Promise<StepResult> {
  const { context, options, trail } = run;
  const result: StepResult = { name: step.name, changed: [], failed: [], isSkipped: false };
  let changes: Change[];
  try {
    changes = await step.plan(context);
  } catch (error) {
    return failedStep(step.name, step.name, reasonOf(error));
  }
  if (changes.length === 0) return result;
  if (options.isDryRun)
    return {
      ...result,
      changed: changes.map(({ what }) => what),
      differences: contentDifferences(changes),
    };
  await begin(run, step.name);
  try {
    await step.prepare?.(context);
    const outcome = await applyAll(changes, (change) => trail.note(step.name, change));
    await trail.endStep(step.name, outcome.failed);
    return { ...result, ...outcome };
  } catch (error) {
    return failedStep(step.name, step.name, reasonOf(error));
  }
}

/** Before a step's first change: the journal says where a run that ends here stood. Before the very first: may it be made at all? */
async function begin(run: Run, at: string): Promise<void> {
  const {
    context: { system, bundle, manifest },
    journal,
    about,
    results,
  } = run;
  if (countOf(results) === 0) {
    await refuse(run);
    // A host from before bundles were kept.
    const current = await currentBundle(system).catch(ignoreDamage);
    if (current && journal?.result === "ok" && journal.bundle === current.sha256) await keep(system, current);
    await writeManifest(system, during(manifest, bundle.document));
  }
  await writeJournal(system, {
    ...about,
    time: run.begun.toISOString(),
    result: "unfinished",
    at,
    changed: countOf(results),
    steps: recorded(results),
    lastChange: changeOf(run),
    ...(run.preflight ? { preflight: run.preflight } : {}),
  });
}

function ignoreDamage(error: unknown): undefined {
  if (!(error instanceof BundleError)) throw error;
}

/** What this run has changed so far, as the status tells it. */
export function changeOf({ context, about, results }: Run): NonNullable<JournalEntry["lastChange"]> {
  const { origin, bundle: to, previous } = about;
  const time = context.system.now().toISOString();
  return {
    time,
    origin,
    ...(previous === undefined ? {} : { from: previous }),
    to,
    changed: countOf(results),
  };
}

async function faultsOf(run: Run): Promise<string[]> {
  const {
    context: { system, bundle },
    options,
    about,
  } = run;
  const mayBeOlder = options.mayBeOlder === true || about.origin === "rollback";
  const faults = await refusals(system, { bundle, mayBeOlder });
  // Of a host that is not even to be tried nothing more is asked.
  if (faults.length > 0) return faults;
  run.preflight = await preflight(system, bundle);
  return preflightFaults(run.preflight);
}

async function refuse(run: Run): Promise<void> {
  const faults = await faultsOf(run);
  if (faults.length === 0) return;
  // A full or read-only disk takes no record either; the refusal itself counts.
  for (const fault of faults) await run.trail.add({ action: "refused", what: fault }).catch(() => {});
  await run.trail.endStep("guard", []);
  throw new RefusedError(faults.join("\n"));
}

/** What would refuse the run that a dry run tells of. */
export async function guardStep(run: Run): Promise<StepResult[]> {
  const faults = countOf(run.results) === 0 ? [] : await faultsOf(run);
  return faults.map((fault) => failedStep("guard", "the first change", fault));
}

/** Applies changes in order. One that fails does not keep the others from being tried. */
export async function applyAll(
  changes: readonly Change[],
  note: (change: Change) => Promise<void>,
): Promise<{ changed: string[]; failed: Failure[] }> {
  const changed: string[] = [];
  const failed: Failure[] = [];
  for (const change of changes) {
    try {
      await note(change);
      await change.apply();
      changed.push(change.what);
    } catch (error) {
      failed.push({ what: change.what, reason: reasonOf(error) });
    }
  }
  return { changed, failed };
}

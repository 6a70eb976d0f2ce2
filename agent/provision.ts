import type { Bundle } from "./bundle";
import { audit, readJournal, writeJournal } from "./journal";
import { after, during, readManifest, writeManifest } from "./manifest";
import { fitted } from "./operating-system";
import { steps } from "./steps";
import { type Waiting, waitingUnits } from "./steps/services";
import { type Change, type Context, type Failure, reasonOf, type Step } from "./steps/step";
import { verify } from "./steps/verify";
import type { System } from "./system";

export interface StepResult {
  name: string;
  /** What was changed; in a dry run, what would be. */
  changed: string[];
  failed: Failure[];
  /** Set where a step before it failed. */
  isSkipped: boolean;
}

export interface Report {
  host: string;
  isDryRun: boolean;
  result: "ok" | "failed";
  bundle: string;
  /** Bundle of the provision before this. */
  previous?: string;
  changed: number;
  steps: StepResult[];
  /** Units that are not started until these secrets are on the host. */
  waiting: Waiting[];
  seconds: number;
}

export interface ProvisionOptions {
  /** Look and say, touch nothing. */
  isDryRun: boolean;
  onStep(result: StepResult): void;
}

/** Makes the host what the bundle says. Call it under the lock. Can be killed at any point and run again. */
export async function provision(
  system: System,
  bundle: Bundle,
  { isDryRun, onStep }: ProvisionOptions,
): Promise<Report> {
  const begun = system.now();
  const previous = (await readJournal(system))?.bundle;
  const context: Context = {
    system,
    bundle: await fitted(system, bundle),
    manifest: await readManifest(system),
  };
  const about = { bundle: bundle.sha256, ...(previous === undefined ? {} : { previous }) };
  const begin = () =>
    writeJournal(system, {
      ...about,
      time: begun.toISOString(),
      result: "unfinished",
      changed: 0,
      steps: [],
    });

  if (!isDryRun) await writeManifest(system, during(context.manifest, bundle.document));
  const results: StepResult[] = [];
  const add = (result: StepResult) => {
    results.push(result);
    onStep(result);
  };
  for (const step of steps) {
    const isFirst = results.every(({ changed }) => changed.length === 0);
    add(
      hasFailed(results)
        ? skipped(step.name)
        : await runStep(step, context, isDryRun, isFirst ? begin : async () => {}),
    );
  }
  const waiting = await waitingUnits(context, isDryRun);
  if (!isDryRun) add(await verifyStep(context, results, waiting));

  const changed = results.reduce((sum, result) => sum + result.changed.length, 0);
  const result = hasFailed(results) ? "failed" : "ok";
  const seconds = (system.now().getTime() - begun.getTime()) / 1000;
  const report: Report = {
    host: bundle.document.host,
    isDryRun,
    result,
    ...about,
    changed,
    steps: results,
    waiting,
    seconds,
  };
  if (!isDryRun) await conclude(context, report);
  return report;
}

const hasFailed = (results: readonly StepResult[]): boolean =>
  results.some(({ failed }) => failed.length > 0);
const skipped = (name: string): StepResult => ({ name, changed: [], failed: [], isSkipped: true });

async function runStep(
  step: Step,
  context: Context,
  isDryRun: boolean,
  begin: () => Promise<void>,
): Promise<StepResult> {
  const result: StepResult = { name: step.name, changed: [], failed: [], isSkipped: false };
  try {
    const changes = await step.plan(context);
    if (isDryRun) return { ...result, changed: changes.map(({ what }) => what) };
    if (changes.length === 0) return result;
    await begin();
    await step.prepare?.(context);
    return { ...result, ...(await applyAll(changes)) };
  } catch (error) {
    return { ...result, failed: [{ what: step.name, reason: reasonOf(error) }] };
  }
}

/** Applies changes in order. One that fails does not keep the others from being tried. */
export async function applyAll(
  changes: readonly Change[],
): Promise<{ changed: string[]; failed: Failure[] }> {
  const changed: string[] = [];
  const failed: Failure[] = [];
  for (const { what, apply } of changes) {
    try {
      await apply();
      changed.push(what);
    } catch (error) {
      failed.push({ what, reason: reasonOf(error) });
    }
  }
  return { changed, failed };
}

async function verifyStep(
  context: Context,
  results: readonly StepResult[],
  waiting: readonly Waiting[],
): Promise<StepResult> {
  const services = results.find(({ name }) => name === "services");
  if (!services || services.isSkipped) return skipped("verify");
  const blamed = services.failed.map(({ what }) => what.replace(/^\w+ /, "run "));
  const failed = await verify(
    context,
    waiting.map(({ unit }) => unit),
    services.changed.length > 0,
  );
  return {
    name: "verify",
    changed: [],
    failed: failed.filter(({ what }) => !blamed.includes(what)),
    isSkipped: false,
  };
}

/** The journal comes last: while it says `ok`, all that it names is done. */
async function conclude({ system, bundle, manifest }: Context, report: Report): Promise<void> {
  const { result, changed, previous, seconds } = report;
  if (result === "ok") await writeManifest(system, after(manifest, bundle.document));
  const steps = report.steps
    .map(({ name, changed, failed }) => ({ name, changed, failed: failed.map(({ what }) => what) }))
    .filter(({ changed, failed }) => changed.length + failed.length > 0);
  const about = { bundle: bundle.sha256, ...(previous === undefined ? {} : { previous }) };
  await audit(system, "provision", { ...about, result, seconds, steps });
  await writeJournal(system, { ...about, time: system.now().toISOString(), result, changed, steps });
}

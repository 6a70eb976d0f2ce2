import type { Bundle } from "./bundle";
import { stoodAt, writeJournal } from "./journal";
import { keep } from "./kept-bundles";
import { after, writeManifest } from "./manifest";
import {
  countOf,
  failedStep,
  hasFailed,
  type Report,
  recorded,
  type StepResult,
  skippedStep,
} from "./report";
import { changeOf, guardStep, type ProvisionOptions, prepare, type Run, runStep } from "./run";
import { hostStatus } from "./status";
import { steps } from "./steps";
import { type Waiting, waitingUnits } from "./steps/services";
import { documentsKept, reasonOf } from "./steps/step";
import { verify } from "./steps/verify";
import type { System } from "./system";
import { type Verification, verifyHost } from "./verification";

/**
 * Makes the host what the bundle says. Call it under the lock. Can be killed at any point and run again: the journal says
 * where it stood, and each step still looks for itself, so nothing is skipped that is not proved.
 * Throws RefusedError, with nothing changed, for a bundle or a host that must not be worked with.
 */
export async function provision(system: System, bundle: Bundle, options: ProvisionOptions): Promise<Report> {
  const run = await prepare(system, bundle, options);
  const { context, results } = run;
  const add = (result: StepResult) => {
    results.push(result);
    options.onStep(result);
  };
  for (const step of steps) add(hasFailed(results) ? skippedStep(step.name) : await runStep(step, run));
  if (options.isDryRun) for (const result of await guardStep(run)) add(result);
  const waiting = await waitingUnits(context, options.isDryRun);
  const verification = await verified(run, waiting, add);
  if (!options.isDryRun) for (const result of await conclude(run)) add(result);
  const resumedAt = stoodAt(run.journal);
  return {
    host: bundle.document.host,
    isDryRun: options.isDryRun,
    result: hasFailed(results) ? "failed" : "ok",
    ...run.about,
    ...(resumedAt === undefined ? {} : { resumedAt }),
    changed: countOf(results),
    steps: results,
    waiting,
    ...(verification ? { verification } : {}),
    seconds: secondsOf(run),
  };
}

const secondsOf = ({ context, begun }: Run): number =>
  (context.system.now().getTime() - begun.getTime()) / 1000;

/** Ends the run with a look at all that the host is for; only what is wrong and stays so makes the run fail. */
async function verified(
  { context, options, results }: Run,
  waiting: readonly Waiting[],
  add: (result: StepResult) => void,
): Promise<Verification | undefined> {
  if (options.isDryRun) return undefined;
  const services = results.find(({ name }) => name === "services");
  if (!services || services.isSkipped) {
    add(skippedStep("verify"));
    return undefined;
  }
  const blamed = services.failed.map(({ what }) => what.replace(/^\w+ /, "run "));
  const idle = waiting.map(({ unit }) => unit);
  const down = await verify(context, idle, services.changed.length > 0);
  const { system, bundle } = context;
  const verification = await verifyHost(system, bundle.document, (await hostStatus(system)).services);
  const wrong = verification.checks
    .filter(({ name, verdict }) => name !== "services" && verdict === "failed")
    .map(({ name, detail }) => ({ what: `verify ${name}`, reason: detail }));
  const failed = [...down.filter(({ what }) => !blamed.includes(what)), ...wrong];
  add({ name: "verify", changed: [], failed, isSkipped: false });
  return verification;
}

/** Nothing on a disk that takes no record may pass for done. */
async function conclude(run: Run): Promise<StepResult[]> {
  try {
    await record(run);
    return [];
  } catch (error) {
    return [failedStep("record", "write what this run did", reasonOf(error))];
  }
}

/** The journal comes last: while it says `ok`, all that it names is done. A run that found all as it shall be leaves no trace. */
async function record(run: Run): Promise<void> {
  const { context, journal, about, results, trail } = run;
  const { system, bundle } = context;
  const result = hasFailed(results) ? "failed" : "ok";
  const changed = countOf(results);
  if (result === "ok") {
    await writeManifest(system, after(bundle.document, documentsKept(context)));
    await keep(system, bundle);
    if (changed === 0 && journal?.result === "ok" && journal.bundle === bundle.sha256) return;
  }
  const { host } = bundle.document;
  await trail.add({ action: "provision", what: host, result, changed, seconds: secondsOf(run) });
  await trail.endStep("provision", []);
  const time = system.now().toISOString();
  const lastChange = changed > 0 ? changeOf(run) : journal?.lastChange;
  const at = results.find(({ failed }) => failed.length > 0)?.name;
  await writeJournal(system, {
    ...about,
    time,
    result,
    ...(at === undefined ? {} : { at }),
    changed,
    steps: recorded(results),
    ...(lastChange ? { lastChange } : {}),
    ...(run.preflight ? { preflight: run.preflight } : {}),
  });
}

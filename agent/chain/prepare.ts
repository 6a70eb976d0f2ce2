import { NODEOS_DATA, STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";
import { inspect } from "../disk";
import { localSnapshots, newestGood } from "../snapshots/local";
import { HostError, type System } from "../system";
import { beginAnew } from "./anew";
import { putAside } from "./aside";
import { carryIntoMemory } from "./carry";
import { find } from "./facts";
import {
  type Candidate,
  type ChainFacts,
  causeOf,
  isByPlan,
  isNew,
  isSpent,
  type Means,
  nextStep,
  type Step,
} from "./ladder";
import { HISTORY, REVERSIBLE, STATE } from "./layout";
import { knowsMirror, published } from "./published";
import { noted, type RecoveryRecord, readRecovery, withEnd, writeRecovery } from "./record";
import { type ChainSettings, readSettings } from "./settings";
import { auditRecovery } from "./trail";

/** nodeos must not be started; the message is for the operator. */
export class StoppedError extends HostError {
  constructor(
    message: string,
    readonly kind: "ladder" | "disk" | "anew",
  ) {
    super(message);
  }
}

/**
 * Looks at the chain on the disk and makes it startable; answers with the arguments that nodeos is to be started with.
 * Each call is one step on the ladder: if nodeos then fails, the next call takes the next. Everything is on disk before it
 * is done, so it may be killed at any point. Throws StoppedError where nodeos must not be started.
 */
export async function prepareChain(system: System, say: (line: string) => void): Promise<string[]> {
  const settings = await readSettings(system);
  const before = await readRecovery(system);
  let record = opened(before);
  await checkDisk(system, settings, record, before.stopped);
  await endOtherChain(system, settings, record);
  const carried = settings.state === STATE ? undefined : await carryIntoMemory(system);
  const { facts, mended } = await find(system, settings, record);
  const tell = (what: string) => {
    say(what);
    record = noted(record, system.now(), what);
  };
  for (const line of [...(carried ? [carried] : []), ...mended]) {
    tell(line);
    await auditRecovery(system, line);
  }
  const cause = causeOf(facts, record);
  if (cause !== undefined && isNew(record)) {
    const byPlan = isByPlan(facts);
    const more = Number(!byPlan);
    record = {
      ...record,
      cause,
      dirtyStarts: record.dirtyStarts + more,
      withoutProgress: record.withoutProgress + more,
    };
    const line = byPlan ? `as planned, ${cause}` : `nodeos cannot go on with what is there: ${cause}`;
    tell(line);
    await auditRecovery(system, line);
  }
  const means = await meansOf(system, settings, facts, record);
  if (cause !== undefined) for (const why of means.skipped) tell(why);
  const step = nextStep(facts, record, means, settings);
  if (step.does === "stop") {
    record = {
      ...noted(record, system.now(), `stopped: ${step.reason}`),
      stopped: stop("ladder", step, system),
    };
    await writeRecovery(system, record);
    await auditRecovery(system, `stopped: ${step.reason}`, { result: "failed" });
    throw new StoppedError(`${step.reason}\n  remedy: ${step.remedy}`, "ladder");
  }
  if (step.does === "start") {
    await writeRecovery(system, { ...record, plain: true });
    return [...(step.fromGenesis ? ["--genesis-json", settings.genesis ?? ""] : [])];
  }
  return attempt(system, settings, record, { step, facts, say });
}

const stop = (
  kind: "ladder" | "disk",
  { reason, remedy }: { reason: string; remedy: string },
  { now }: System,
) => ({
  kind,
  reason,
  remedy,
  since: now().toISOString(),
});

/** A try that nobody ended was killed with its host. After the ladder has stopped, a new start is a person's wish: all anew. */
function opened(record: RecoveryRecord): RecoveryRecord {
  const { stopped, ...rest } = withEnd(record, { result: "interrupted", reason: "the host stopped" });
  return stopped?.kind === "ladder" ? { ...rest, ...AFRESH } : rest;
}

/** Of a record whose tries count no more. */
const AFRESH = { tries: [], withoutProgress: 0, plainFailures: 0, crashes: 0 };

/** What is put aside was the host's: the next start finds it as a new host's does, its first snapshot too. */
async function endOtherChain(system: System, settings: ChainSettings, record: RecoveryRecord): Promise<void> {
  const ended = await beginAnew(system, settings, record.begunAnew);
  if (!ended) return;
  const { what, asked } = ended;
  await writeRecovery(system, { ...noted(record, system.now(), what), ...AFRESH, begunAnew: asked });
  await auditRecovery(system, what);
  throw new StoppedError(`${what}; it begins as a new host does`, "anew");
}

/** nodeos itself ends, with status 0, on a disk that is fuller than that: say so in place of starting it again and again. */
async function checkDisk(
  system: System,
  { diskThreshold, state }: ChainSettings,
  record: RecoveryRecord,
  before: RecoveryRecord["stopped"],
): Promise<void> {
  for (const path of [NODEOS_DATA, ...((await inspect(system, state)) ? [state] : [])]) {
    const { freeBytes, totalBytes } = await system.space(path);
    // As nodeos reckons: stricter, and a host would stand still that nodeos itself would go on with.
    if (freeBytes >= (totalBytes / 100) * (100 - diskThreshold)) continue;
    const used = Math.floor((1 - freeBytes / totalBytes) * 100);
    const reason = `the disk of ${path} is ${used} % full, ${freeBytes} bytes are free; nodeos stops at ${diskThreshold} %`;
    const remedy =
      path === STATE_IN_MEMORY
        ? "give services.nodeos.stateSize more in the stack file, or stateMode another value, and bring that up"
        : "make room or grow the disk: nodeos then starts by itself";
    const stopped = stop("disk", { reason, remedy }, system);
    // systemd starts it again every few seconds: it stopped when it did so first.
    const isNew = before?.kind !== "disk";
    await writeRecovery(system, {
      ...record,
      stopped: isNew ? stopped : { ...stopped, since: before.since },
    });
    if (isNew) await auditRecovery(system, `stopped: ${reason}`, { result: "failed" });
    throw new StoppedError(`${reason}\n  remedy: ${remedy}`, "disk");
  }
}

/** The newest snapshot that fits the logs and was not tried in vain, and why newer ones do not. */
async function meansOf(
  system: System,
  settings: ChainSettings,
  facts: ChainFacts,
  record: RecoveryRecord,
): Promise<Means> {
  const mayFetch = await knowsMirror(system);
  if (causeOf(facts, record) === undefined && facts.state.is === "clean") return { skipped: [], mayFetch };
  const { log, ship } = facts;
  const logEnd = log?.last;
  const choice = {
    ...(settings.chainId === undefined ? {} : { chainId: settings.chainId }),
    ...(logEnd === undefined ? {} : { logEnd }),
  };
  const skipped: string[] = [];
  const found: Candidate[] = [];
  for (const { path, facts: about, faults } of await localSnapshots(system, { ...choice, hashes: false })) {
    const spent = isSpent(record.tries, "snapshot", path) ? [`${path}: tried in vain`] : [];
    // A gap between the two is refused: nodeos does not serve blocks that it does not have.
    const gap = log && about && about.block < log.first - 1 ? [`${path}: older than the block log`] : [];
    const why = [...faults.map((fault) => `${path}: ${fault}`), ...spent, ...gap];
    if (why.length > 0 || !about) skipped.push(`skipped ${why.join(", ")}`);
    else
      found.push({ path, block: about.block, dropsHistory: ship !== undefined && about.block > ship.last });
  }
  for (const candidate of inOrder(found, settings.keepsHistory)) {
    const whole = await newestGood(system, { ...choice, logEnd: candidate.block });
    if (whole?.path === candidate.path) return { snapshot: candidate, skipped, mayFetch };
    skipped.push(`skipped ${candidate.path}: its bytes are not those that were written`);
  }
  return { skipped, mayFetch };
}

/** Those that the state history reaches first; the others cost it, which a host that is there for it does not pay. */
const inOrder = (found: readonly Candidate[], keepsHistory: boolean): Candidate[] => [
  ...found.filter(({ dropsHistory }) => !dropsHistory),
  ...(keepsHistory ? [] : found.filter(({ dropsHistory }) => dropsHistory)),
];

interface Attempt {
  step: Extract<Step, { does: "try" }>;
  facts: ChainFacts;
  say: (line: string) => void;
}

async function attempt(
  system: System,
  settings: ChainSettings,
  record: RecoveryRecord,
  { step, facts, say }: Attempt,
): Promise<string[]> {
  const { rung, cause, snapshot } = step;
  const begun = system.now().toISOString();
  const about = snapshot ? ` from ${snapshot.path} (block ${snapshot.block})` : "";
  const line = `recovery by ${rung}${about}`;
  say(line);
  await auditRecovery(system, line);
  const next = noted(record, system.now(), line);
  await writeRecovery(system, {
    ...next,
    cause,
    plain: false,
    tries: [
      ...next.tries,
      {
        rung,
        begun,
        result: "running",
        ...(snapshot ? { snapshot: snapshot.path, block: snapshot.block } : {}),
      },
    ],
  });
  const paused = settings.producesAlone ? ["--pause-on-startup"] : [];
  const aside = (paths: string[]) => putAside(system, paths, begun, facts.state);
  if (rung === "snapshot" && snapshot) {
    await aside([settings.state, REVERSIBLE, ...(snapshot.dropsHistory ? [HISTORY] : [])]);
    return ["--snapshot", snapshot.path, ...paused];
  }
  if (rung === "replay") {
    await aside([settings.state, REVERSIBLE, HISTORY]);
    return ["--hard-replay-blockchain", ...(settings.ship ? ["--delete-state-history"] : []), ...paused];
  }
  return [...(await published(system, settings, facts, aside)), ...paused];
}

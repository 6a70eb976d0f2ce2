import type { Awaited, Unit } from "../cloud-init/document";
import { type Bundle, currentBundle } from "./bundle";
import { hasChain, type RecoveryRecord, readRecovery } from "./chain/record";
import { type EvmStatus, evmStatus } from "./evm/status";
import { type Facts, probe } from "./health";
import { type JournalEntry, readJournal } from "./journal";
import { readOrder } from "./kept-bundles";
import type { Preflight } from "./preflight/check";
import { type Safety, safetyOf } from "./safety";
import { readStarts, type Start } from "./starts";
import { HostError, type System } from "./system";
import { describe, isDone, showUnits, type UnitState } from "./systemd";
import { type Verification, verifyHost } from "./verification";

export interface ServiceStatus extends Facts {
  /** As people call it. */
  name: string;
  unit: string;
  /** systemd's word, or `waiting for secret …`. */
  state: string;
  /** What it does, or why it does not. */
  detail: string;
  healthy: boolean;
  /** True while its program runs, healthy or not. */
  active: boolean;
  /** Secrets that it waits for. */
  waitingFor: string[];
  /** Times that systemd has started it again since someone last did. */
  restarts: number;
}

export interface HostStatus {
  stack: string;
  host: string;
  role: string;
  /** sha256 of the current bundle. */
  bundle: string;
  /** Earlier good bundles that the host can be taken back to, newest first. */
  previousBundles: string[];
  /** The last run that changed or failed something; `at` is the step where it failed or stood when it was killed. */
  lastProvision?: Pick<JournalEntry, "time" | "result" | "changed" | "bundle" | "origin" | "at" | "steps">;
  /** The last run that changed something. */
  lastChange?: NonNullable<JournalEntry["lastChange"]>;
  services: ServiceStatus[];
  /** Services that come with a later change of the plan. Absent where none does. */
  awaited?: Awaited[];
  /** On a host that runs an EVM node. */
  evm?: EvmStatus;
  /** Before the last run that was about to change something: what the host was. */
  preflight?: Preflight;
  /** Of a host with nodeos: dirty starts, and what became of them. */
  chain?: RecoveryRecord;
  /** Last snapshot, backup and drill. */
  safety: Safety;
  /** Where it was asked for: what the host is for, looked at as a whole. */
  verification?: Verification;
}

/** How the host is, now. Needs no privilege. Throws HostError before the host has a bundle. */
export async function hostStatus(system: System): Promise<HostStatus> {
  const bundle = await currentBundle(system);
  if (!bundle) throw new HostError("this host has no bundle yet: provision it first");
  const [journal, services, kept, evm, chain, safety] = await Promise.all([
    readJournal(system),
    serviceStatuses(system, bundle),
    readOrder(system),
    evmStatus(system, bundle.document),
    hasChain(bundle) ? readRecovery(system) : undefined,
    safetyOf(system),
  ]);
  const { stack, host, role, awaited } = bundle.document;
  return {
    stack,
    host,
    role,
    bundle: bundle.sha256,
    previousBundles: kept.filter((each) => each !== bundle.sha256),
    ...(journal ? { lastProvision: lastOf(journal) } : {}),
    ...(journal?.lastChange ? { lastChange: journal.lastChange } : {}),
    ...(journal?.preflight ? { preflight: journal.preflight } : {}),
    services,
    ...(awaited ? { awaited } : {}),
    ...(evm ? { evm } : {}),
    ...(chain ? { chain } : {}),
    safety,
  };
}

const lastOf = ({ time, result, changed, bundle, origin, at, steps }: JournalEntry) => ({
  time,
  result,
  changed,
  bundle,
  origin,
  ...(at === undefined ? {} : { at }),
  steps,
});

/** The same with a verification, which asks more of the host: for people and every half minute, not for every scrape. */
export async function verifiedStatus(system: System): Promise<HostStatus> {
  const status = await hostStatus(system);
  const document = (await currentBundle(system))?.document;
  return document ? { ...status, verification: await verifyHost(system, document, status.services) } : status;
}

/** True if all that shall run runs and does its work, and the last provision came to a good end. */
export const isHealthy = ({ lastProvision, bundle, services, verification }: HostStatus): boolean =>
  verification?.verdict !== "failed" &&
  lastProvision?.result === "ok" &&
  lastProvision.bundle === bundle &&
  services.every(({ healthy }) => healthy);

async function serviceStatuses(system: System, { document: { units } }: Bundle): Promise<ServiceStatus[]> {
  const [states, starts] = await Promise.all([
    showUnits(
      system,
      units.map(({ name }) => name),
    ),
    readStarts(system),
  ]);
  return Promise.all(
    units.flatMap((unit) => {
      const state = states.get(unit.name);
      return state ? [serviceStatus(system, unit, state, starts[unit.name])] : [];
    }),
  );
}

async function serviceStatus(
  system: System,
  unit: Unit,
  state: UnitState,
  start: Start | undefined,
): Promise<ServiceStatus> {
  const active = state.active === "active" || state.active === "reloading";
  const waitingFor = active ? [] : (start?.waitingFor ?? []);
  const about = { name: unit.service, unit: unit.name, active, waitingFor, restarts: state.restarts };
  if (waitingFor.length > 0) {
    return { ...about, state: `waiting for secret ${waitingFor.join(", ")}`, detail: "", healthy: false };
  }
  // What runs at times serves nobody: that its last run failed is told by a check, and takes no host out of service.
  if (unit.startedBy !== undefined && !active)
    return {
      ...about,
      state: state.active === "inactive" ? "done" : describe(state),
      detail: "",
      healthy: true,
    };
  const isAtRest = isDone(state);
  if (!active) return { ...about, state: isAtRest ? "done" : describe(state), detail: "", healthy: isAtRest };
  if (!unit.health) return { ...about, state: describe(state), detail: "", healthy: true };
  const { facts, ...health } = await probe(unit.health, system.now);
  return { ...about, state: describe(state), ...health, ...facts };
}

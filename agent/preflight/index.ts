import type { Bundle } from "../bundle";
import { currentBundle } from "../bundle";
import { readJournal } from "../journal";
import { readManifest } from "../manifest";
import type { System } from "../system";
import type { Preflight, PreflightCheck } from "./check";
import { examine, type Facts } from "./examine";
import { mirrorChecks, peerChecks } from "./reach";

/** What only a measurement tells, and which a host keeps from the first one on. */
const MEASURED = ["gzip_mb_per_s"];

/**
 * Looks at the host before anything on it is changed: what it is, its ports, its clock, its way to the mirror and to its
 * peers. Undefined for a document that asks for none of it. `measures`: whether to measure a thread's speed again.
 */
export async function preflight(
  system: System,
  bundle: Bundle,
  { measures = false }: { measures?: boolean } = {},
): Promise<Preflight | undefined> {
  const { document } = bundle;
  const asked = document.preflight;
  if (!asked) return undefined;
  const [manifest, journal] = await Promise.all([readManifest(system), readJournal(system)]);
  const known = pick(journal?.preflight?.facts ?? {}, MEASURED);
  const units = [
    ...document.units.map(({ name }) => name),
    ...(await currentUnits(system)),
    ...manifest.units,
    // They run until the packages step masks them.
    ...document.masked,
  ];
  const isMeasured = measures || Object.keys(known).length === 0;
  const [examination, mirror, peers] = await Promise.all([
    examine(system, bundle, { asked, units: [...new Set(units)], measures: isMeasured }),
    mirrorChecks(system, document),
    peerChecks(document),
  ]);
  const checks = [...examination.checks, ...mirror, ...peers];
  return {
    time: system.now().toISOString(),
    verdict: worst(checks),
    checks,
    facts: { ...known, ...examination.facts },
  };
}

const currentUnits = async (system: System): Promise<string[]> =>
  (await currentBundle(system).catch(() => undefined))?.document.units.map(({ name }) => name) ?? [];

const pick = (facts: Facts, names: readonly string[]): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => names.includes(name)));

function worst(checks: readonly PreflightCheck[]): Preflight["verdict"] {
  const verdicts = checks.map(({ verdict }) => verdict);
  return verdicts.includes("refused") ? "refused" : verdicts.includes("warning") ? "warning" : "ok";
}

/** Why nothing may be changed, a reason each. */
export const preflightFaults = (found: Preflight | undefined): string[] =>
  found?.checks.flatMap(({ verdict, detail }) => (verdict === "refused" ? [detail ?? ""] : [])) ?? [];

import { join } from "node:path";
import { z } from "zod";
import type { HostDocument, Unit } from "../cloud-init/document";
import { readBytes, readState, sha256, writeState } from "./disk";
import { CREDENTIALS, STARTS } from "./layout";
import type { Context } from "./steps/step";
import type { System } from "./system";
import { isDone, type UnitState } from "./systemd";

const digestsSchema = z.object({
  content: z.string(),
  reads: z.string(),
  runs: z.string(),
  secrets: z.string(),
});

const startSchema = z.object({
  /** Of everything the unit was last started with. */
  digests: digestsSchema.optional(),
  /** Bundle whose files replaced some of that on disk while the unit ran on: it may have restarted by itself since. */
  supersededBy: z.string().optional(),
  /** Secrets that it waits for. */
  waitingFor: z.array(z.string()).default([]),
});

const startsSchema = z.record(z.string(), startSchema);

export type Digests = z.infer<typeof digestsSchema>;
export type Start = z.infer<typeof startSchema>;
export type Starts = z.infer<typeof startsSchema>;
export type Action = "none" | "wait" | "start" | "reload" | "restart";

export const readStarts = (system: System): Promise<Starts> =>
  readState(system, STARTS, (value) => startsSchema.parse(value), {});

/** Remembers a unit's start; everything else in the record stays. */
export async function recordStart(system: System, unit: string, start: Start): Promise<void> {
  await writeState(system, STARTS, { ...(await readStarts(system)), [unit]: start });
}

/** Digest of each secret on the host, of its encrypted form, which changes only when the value does. */
export async function secretDigests(system: System, names: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const bytes = await readBytes(system, join(CREDENTIALS, name));
      return bytes ? [[name, sha256(bytes)] as const] : [];
    }),
  );
  return new Map(found.flat());
}

/** Digests of all that a unit depends on, as the document has it. */
export function digestsOf(unit: Unit, document: HostDocument, secrets: ReadonlyMap<string, string>): Digests {
  const digest = (value: unknown) => sha256(JSON.stringify(value));
  return {
    content: digest(unit.content),
    reads: digest(document.files.filter(({ path }) => unit.reads.includes(path))),
    runs: digest(document.artifacts.filter(({ name }) => unit.runs.includes(name))),
    secrets: digest(unit.secrets.map((name) => [name, secrets.get(name)])),
  };
}

export const isSame = (one: Digests | undefined, other: Digests): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

interface Facts {
  unit: Unit;
  state: UnitState;
  start: Start | undefined;
  digests: Digests;
  missing: readonly string[];
  bundle: string;
}

/** What to do with a unit, from what it runs with and what it shall run with. */
export function decide({ unit, state, start, digests, missing, bundle }: Facts): Action {
  if (unit.startedBy !== undefined) return "none";
  if (missing.length > 0) return "wait";
  const before = start?.digests;
  const isUnsure = start?.supersededBy !== undefined && start.supersededBy !== bundle;
  const isUnchanged = isSame(before, digests) && !isUnsure;
  if (state.active === "inactive" || state.active === "failed")
    return isUnchanged && isDone(state) ? "none" : "start";
  // Started again by systemd after an end of its own: one more push, and its outcome is ours to report.
  if (state.active !== "active" && state.active !== "reloading") return isUnchanged ? "start" : "restart";
  if (isUnchanged) return "none";
  // A mount that is reloaded is remounted with the options of its new unit; stopped, it would lose what it holds.
  const reloaded = unit.name.endsWith(".mount") ? ["reads" as const, "content" as const] : ["reads" as const];
  const isOnlyThose =
    before !== undefined &&
    !isUnsure &&
    isSame({ ...before, ...Object.fromEntries(reloaded.map((key) => [key, digests[key]])) }, digests);
  return isOnlyThose ? unit.onChange : "restart";
}

/** Notes, before any input of a unit is replaced, which units will then run with other inputs than the disk has. */
export async function supersede({ system, bundle }: Context): Promise<void> {
  const starts = await readStarts(system);
  const secrets = await secretDigests(
    system,
    bundle.document.units.flatMap((unit) => unit.secrets),
  );
  const next = Object.fromEntries(
    bundle.document.units.flatMap((unit) => {
      const start = starts[unit.name];
      if (
        !start?.digests ||
        start.supersededBy ||
        isSame(start.digests, digestsOf(unit, bundle.document, secrets))
      )
        return [];
      return [[unit.name, { ...start, supersededBy: bundle.sha256 }]];
    }),
  );
  if (Object.keys(next).length > 0) await writeState(system, STARTS, { ...starts, ...next });
}

import type { Unit } from "../../cloud-init/document";
import {
  type Action,
  type Digests,
  decide,
  digestsOf,
  readStarts,
  recordStart,
  type Start,
  secretDigests,
} from "../starts";
import { HostError, mustRun, type System } from "../system";
import { journalOf, showUnits, type UnitState } from "../systemd";
import type { Change, Context, Step } from "./step";

interface Decision {
  unit: Unit;
  action: Action;
  state: UnitState;
  digests: Digests;
  missing: string[];
  start: Start | undefined;
}

export interface Waiting {
  unit: string;
  secrets: string[];
}

/** Starts what does not run, and starts anew or reloads what runs with something else than the document says. */
export const services: Step = {
  name: "services",
  plan: (context) => planServices(context, () => true),
};

/** The starts, stops and reloads that are due for some units: stops in reverse order first, then starts in order. */
export async function planServices(context: Context, concerns: (unit: Unit) => boolean): Promise<Change[]> {
  const { system } = context;
  const decisions = (await decideAll(context)).filter(({ unit }) => concerns(unit));
  const stopped = decisions.filter(({ action }) => action === "restart").reverse();
  return [
    ...stopped.map(({ unit: { name } }) => ({
      what: `stop ${name}`,
      apply: async () => void (await mustRun(system, ["systemctl", "stop", name])),
    })),
    ...decisions.flatMap((decision) => begin(system, decision)),
  ];
}

/** Units that are not started because secrets are missing. Notes it for `status`, which may not look for secrets. */
export async function waitingUnits(context: Context, isDryRun: boolean): Promise<Waiting[]> {
  const decisions = await decideAll(context);
  for (const { unit, missing, start } of isDryRun ? [] : decisions) {
    if (String(start?.waitingFor ?? []) !== String(missing)) {
      await recordStart(context.system, unit.name, { ...start, waitingFor: missing });
    }
  }
  return decisions
    .filter(({ missing }) => missing.length > 0)
    .map(({ unit, missing }) => ({ unit: unit.name, secrets: missing }));
}

async function decideAll({ system, bundle: { document, sha256: bundle } }: Context): Promise<Decision[]> {
  const [states, starts, secrets] = await Promise.all([
    showUnits(
      system,
      document.units.map(({ name }) => name),
    ),
    readStarts(system),
    secretDigests(
      system,
      document.units.flatMap((unit) => unit.secrets),
    ),
  ]);
  return document.units.flatMap((unit) => {
    const state = states.get(unit.name);
    if (!state) return [];
    const [start, digests] = [starts[unit.name], digestsOf(unit, document, secrets)];
    const missing = unit.secrets.filter((name) => !secrets.has(name));
    return [
      {
        unit,
        state,
        start,
        digests,
        missing,
        action: decide({ unit, state, start, digests, missing, bundle }),
      },
    ];
  });
}

function begin(system: System, { unit: { name }, action, digests }: Decision): Change[] {
  if (action === "none" || action === "wait") return [];
  const verb = action === "reload" ? "reload" : "start";
  const apply = async () => {
    // A unit that failed too often may not be started before this; it says nothing for others.
    if (verb === "start") await system.run(["systemctl", "reset-failed", name]);
    const { code, stderr } = await system.run(["systemctl", verb, name]);
    if (code !== 0) throw await failure(system, name, stderr.trim());
    await recordStart(system, name, { digests, waitingFor: [] });
  };
  return [{ what: `${verb} ${name}`, apply }];
}

/** Adds what the unit itself said. */
async function failure(system: System, name: string, reason: string): Promise<HostError> {
  return new HostError(`${reason}\n${await journalOf(system, name)}`);
}

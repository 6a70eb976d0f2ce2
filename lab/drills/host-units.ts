import { digestsOf, isSame } from "../../agent/starts";
import type { HostDocument } from "../../cloud-init/document";
import type { SampleLab } from "./sample-lab";

/** What a unit is to systemd, by its name. */
export type HostUnits = ReadonlyMap<string, { state: string; pid: string; restarts: string }>;

const PROPERTIES = ["Id", "ActiveState", "SubState", "UnitFileState", "Result", "MainPID", "NRestarts"];

/** All units that a document names, and those of them and others that failed. */
export async function unitsOf(lab: SampleLab, host: string, names: readonly string[]): Promise<HostUnits> {
  const out = await lab.inHost(
    host,
    "systemctl",
    "show",
    `--property=${PROPERTIES.join(",")}`,
    "--",
    ...names,
  );
  const blocks = out.trim().split(/\n\n+/);
  return new Map(
    blocks.map((block, index) => {
      const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(block)?.[1] ?? "";
      const state = ["ActiveState", "SubState", "UnitFileState", "Result"].map(value).join(" ");
      return [names[index] ?? value("Id"), { state, pid: value("MainPID"), restarts: value("NRestarts") }];
    }),
  );
}

/** Throws with every unit that is in another state. */
export function mustBeInSameState(what: string, one: HostUnits, other: HostUnits): void {
  mustAgree(what, one, other, ({ state }) => state);
}

/** These end when the nodeos that they read from is late, and systemd starts them again: nobody's doing but theirs. */
const ENDS_BY_ITSELF = /^evm-(node|rpc)/;

/** Throws with every unit whose process is another one, or that was started again. */
export function mustRunOn(what: string, one: HostUnits, other: HostUnits): void {
  const kept = new Map(
    [...one].filter(([name, { restarts }]) => {
      const now = other.get(name);
      return !now || !ENDS_BY_ITSELF.test(name) || Number(now.restarts) <= Number(restarts);
    }),
  );
  mustAgree(
    what,
    kept,
    other,
    ({ state, pid, restarts }) => `${state}, process ${pid}, ${restarts} restarts`,
  );
}

type Unit = HostUnits extends ReadonlyMap<string, infer Value> ? Value : never;

function mustAgree(what: string, one: HostUnits, other: HostUnits, tell: (unit: Unit) => string): void {
  const found = [...one].flatMap(([name, unit]) => {
    const now = other.get(name);
    const [was, is] = [tell(unit), now ? tell(now) : "gone"];
    return was === is ? [] : [`${name}: ${was} / ${is}`];
  });
  if (found.length > 0) throw new Error(`${what}: ${found.length} units differ\n${found.join("\n")}`);
}

/** Names of the units whose inputs are the same in two documents: a change from one to the other must not touch them. */
export function unitsUntouched(from: HostDocument, to: HostDocument): string[] {
  const none = new Map<string, string>();
  return from.units.flatMap((unit) => {
    const next = to.units.find(({ name }) => name === unit.name);
    return next && isSame(digestsOf(unit, from, none), digestsOf(next, to, none)) ? [unit.name] : [];
  });
}

/** Sockets that listen, each with its process: who they are and not how many connections wait. */
export async function portsOf(lab: SampleLab, host: string): Promise<string[]> {
  const out = await lab.inHost(host, "ss", "-H", "-l", "-n", "-t", "-u", "-p");
  return out
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([kind, , , , local, , process]) => `${kind} ${local} ${process ?? ""}`)
    .sort();
}

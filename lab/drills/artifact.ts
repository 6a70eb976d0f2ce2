import { JOURNAL } from "../../agent/layout";
import type { HostDocument } from "../../cloud-init/document";
import { type Attempt, FAULTS, type Fault, type Stage } from "./artifact-faults";
import { idleProgram, withFile } from "./document-change";
import type { Drill, DrillContext, Figures } from "./drill";
import { documentOf, isWell, reportOf, send } from "./host-agent";
import { filesOf, mustBeSame } from "./host-files";
import { mustRunOn, portsOf, unitsOf } from "./host-units";
import { poorMirror } from "./poor-mirror";
import type { Random } from "./random";
import type { SampleLab } from "./sample-lab";

const AT_ONCE = "a second provision while one is at work";
const LOCKED = 3;
/** What runs of the agent leave as a record, also those that failed. */
const RECORDS = /^\/var\/lib\/nodewright($|\/)/;
/** The document comes first, so that the next run goes on with it; one that is refused never gets there. */
const ASKED_FOR = /^\/etc\/nodewright\/bundle\.json$/;

/** Hosts are told to install what is not right, or are not right themselves. */
export const artifact: Drill = {
  name: "artifact",
  summary:
    "Gives hosts artifacts, mirrors, disks and clocks with faults, and two provisions at once: each must be refused with its remedy, and processes, ports and files must stay as they were.",
  defaults: { rounds: FAULTS.length + 1, seed: 1 },
  async run(context) {
    const { lab, rounds, random, round } = context;
    const names = lab.plan.hosts.map(({ name }) => name);
    for (const [index, fault] of faults(rounds, random).entries()) {
      const host = random.shuffle(names)[0] ?? "rpc-a";
      await round(`${fault?.fault ?? AT_ONCE}, on ${host}`, () =>
        fault ? refused(context, host, index + 1, fault) : lockedOut(context, host, index + 1),
      );
    }
  },
};

/** Each once, in order; with fewer rounds some by chance, with more all over again. `undefined`: two provisions at once. */
function faults(rounds: number, random: Random): (Fault | undefined)[] {
  const all = [...FAULTS, undefined];
  if (rounds < all.length) return random.shuffle(all).slice(0, rounds);
  return Array.from({ length: rounds }, (_, index) => all[index % all.length]);
}

/** The host as it is before a fault; `mustHold` throws with whatever is otherwise. */
async function witness(lab: SampleLab, host: string, document: HostDocument, except: RegExp) {
  const names = document.units.map(({ name }) => name);
  const look = async () => {
    const looks = [
      filesOf(lab, host, { times: true, except }),
      unitsOf(lab, host, names),
      portsOf(lab, host),
    ] as const;
    const [files, units, ports] = await Promise.all(looks);
    return { files, units, ports };
  };
  const before = await look();
  return async (when: string) => {
    const now = await look();
    mustBeSame(`files ${when}`, before.files, now.files);
    mustRunOn(`units ${when}`, before.units, now.units);
    if (String(before.ports) !== String(now.ports))
      throw new Error(`ports ${when}:\n${before.ports.join("\n")}\nbecame\n${now.ports.join("\n")}`);
  };
}

async function refused(
  context: DrillContext,
  host: string,
  number: number,
  { make }: Fault,
): Promise<Figures> {
  const { lab, until } = context;
  await until(`${host} is well`, () => isWell(lab, host));
  const old = await documentOf(lab, host);
  const stage: Stage = { lab, host, number, until, document: withNodeosChange(old, number) };
  const mustHold = await witness(lab, host, old, new RegExp(`${RECORDS.source}|${ASKED_FOR.source}`));
  const attempt = await make(stage);
  const begun = performance.now();
  try {
    await mustRefuse(stage, attempt).finally(() => attempt.end?.());
    const seconds = secondsSince(begun);
    await mustHold("after the fault");
    return { seconds };
  } finally {
    // The host has to be taken back, also for the next round: that alone must not touch a service either.
    reportOf("the run with the old document", await send(lab, host, old, { flags: ["--allow-older"] }));
    await mustHold("after the old document");
  }
}

const secondsSince = (begun: number): number => Math.round(performance.now() - begun) / 1000;

const withNodeosChange = (document: HostDocument, number: number): HostDocument =>
  withFile(
    document,
    "/etc/nodeos/config.ini",
    (text) => `${text}\nhttp-max-response-time-ms = ${100 + number}\n`,
  );

async function mustRefuse(
  { lab, host }: Stage,
  { document, before = [], codes, says }: Attempt,
): Promise<void> {
  const stored = await lab.inHost(host, "sha256sum", "/etc/nodewright/bundle.json");
  const run = await send(lab, host, document, { before });
  const said = `${run.err}${run.out}`;
  if (!codes.some((code) => code === run.code))
    throw new Error(`it was to end with ${codes.join(" or ")}, and ended with ${run.code}: ${said}`);
  const missing = says.filter((words) => !words.test(said));
  if (missing.length > 0) throw new Error(`it does not say ${missing.join(" nor ")}: ${said}`);
  const isStored = stored !== (await lab.inHost(host, "sha256sum", "/etc/nodewright/bundle.json"));
  if (run.code === 2 && isStored) throw new Error("a document that was refused is the host's all the same");
}

/** The first waits for its mirror; the second is told so, and the first then comes to its end. */
async function lockedOut({ lab, until }: DrillContext, host: string, number: number): Promise<Figures> {
  await until(`${host} is well`, () => isWell(lab, host));
  const old = await documentOf(lab, host);
  const units = old.units.map(({ name }) => name);
  const before = await unitsOf(lab, host, units);
  const begun = performance.now();
  const mirror = await poorMirror(lab, host, "when let", until);
  try {
    const next = {
      ...old,
      mirror: mirror.url,
      artifacts: [...old.artifacts, idleProgram(String(number)).artifact],
    };
    const first = send(lab, host, next);
    await until("the first is at work", async () =>
      (await lab.inHost(host, "cat", JOURNAL)).includes('"unfinished"'),
    );
    const second = await send(lab, host, withNodeosChange(old, number));
    await mirror.let();
    reportOf("the first", await first);
    const says = /this host is being worked on \(provision, process \d+, since .*\); wait for its end/;
    if (second.code !== LOCKED || !says.test(second.err))
      throw new Error(`the second ended with ${second.code}: ${second.err}${second.out}`);
    mustRunOn("units after both", before, await unitsOf(lab, host, units));
    return { seconds: secondsSince(begun) };
  } finally {
    await mirror.let();
    reportOf("the run with the old document", await send(lab, host, old, { flags: ["--allow-older"] }));
    await mirror.stop();
  }
}

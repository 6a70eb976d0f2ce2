import type { JournalEntry } from "../../agent/journal";
import { JOURNAL } from "../../agent/layout";
import { steps } from "../../agent/steps";
import type { HostDocument } from "../../cloud-init/document";
import { withFile, withIdleService } from "./document-change";
import type { Drill, DrillContext, Figures } from "./drill";
import { documentOf, isWell, reportOf, send } from "./host-agent";
import { filesOf, mustBeSame } from "./host-files";
import { mustBeInSameState, mustRunOn, unitsOf, unitsUntouched } from "./host-units";
import type { Random } from "./random";
import type { SampleLab } from "./sample-lab";
import { bearTwin, removeTwin } from "./twin";

/** Every point after which the agent can be ended: each step, and the look at the end. */
const POINTS = [...steps.map(({ name }) => name), "verify"];
/** What timeout(1) and a shell tell of a process that SIGKILL ended. */
const KILLED = 137;
/** The host whose twins are born: it runs every service. */
const HOST = "rpc-a";
/** One is killed again and again, the other never. */
const [TORN, WHOLE] = ["twin-torn", "twin-whole"] as const;
/** Where most is half done, so first of few: files without their units, and units that run with no record of it. */
const HALF_DONE: Record<Kill["of"], string> = { birth: "files", change: "services" };
/** Longest instant at which a run is ended: some while after a quiet one has come to its end. */
const LATEST_MS = 4_000;

interface Kill {
  of: "birth" | "change";
  /** A step, or milliseconds from the start. */
  after: string | number;
}

/** Ends `provision` after every step of a birth and of a change, then at instants of chance. */
export const provisionKill: Drill = {
  name: "provision-kill",
  summary:
    "Ends provision by SIGKILL after each step in turn, of a birth and of a change, then at random instants: the next run must leave the host as one that nobody disturbed, file by file.",
  defaults: { rounds: 2 * POINTS.length + 6, seed: 1 },
  async run(context) {
    const { lab, rounds, random, round, until } = context;
    try {
      await bearTwin(lab, HOST, WHOLE, {}, until);
      // What the lab's own host gets at birth, its secrets aside.
      const born = await documentOf(lab, WHOLE);
      await completes(lab, WHOLE, born);
      const kills = plan(rounds, random);
      for (const kill of kills.filter(({ of }) => of === "birth"))
        await round(said(kill), () => killedBirth(context, kill));
      for (const [index, kill] of kills.filter(({ of }) => of === "change").entries())
        await round(said(kill), () => killedChange(context, kill, changed(born, index + 1)));
    } finally {
      await Promise.all([removeTwin(lab, TORN), removeTwin(lab, WHOLE)]);
    }
  },
};

/** Every point of both kinds where there is room, and then chance; else the worst point of each, and then points of chance. */
function plan(rounds: number, random: Random): Kill[] {
  const of = (kind: Kill["of"], points: readonly string[]): Kill[] =>
    points.map((after) => ({ of: kind, after }));
  if (rounds >= 2 * POINTS.length) {
    const more = Array.from({ length: rounds - 2 * POINTS.length }, () => random.integer(1, LATEST_MS));
    return [
      ...of("birth", POINTS),
      ...of("change", POINTS),
      ...more.map((after): Kill => ({ of: "change", after })),
    ];
  }
  const some = (kind: Kill["of"], count: number): Kill[] => {
    const others = random.shuffle(POINTS.filter((point) => point !== HALF_DONE[kind]));
    return of(kind, [HALF_DONE[kind], ...others].slice(0, count));
  };
  const births = Math.ceil(rounds / 4);
  return [...some("birth", births), ...some("change", rounds - births)];
}

const said = ({ of, after }: Kill): string =>
  `a ${of} ended ${typeof after === "string" ? `after the step ${after}` : `${after} ms after its start`}`;

const wordsOf = ({ after }: Kill): string[] =>
  typeof after === "string"
    ? ["env", `NODEWRIGHT_DIE_AFTER=${after}`]
    : ["timeout", "--signal=KILL", (after / 1000).toFixed(3)];

/** A change that gives every step something to do, and concerns the proxy and a service of its own alone. */
const changed = (document: HostDocument, number: number): HostDocument =>
  withFile(
    withIdleService(document, number),
    "/etc/proxy/haproxy.cfg",
    (text) => `${text}# drill ${number}\n`,
  );

async function killedBirth({ lab, until }: DrillContext, kill: Kill): Promise<Figures> {
  const agent = await bearTwin(lab, HOST, TORN, { before: wordsOf(kill) }, until);
  const journal = await journalOf(lab, TORN);
  // Before the first change there is no journal yet: user data has put the bundle in its place.
  if (journal && journal.result !== "unfinished")
    throw new Error(`the birth was to be ended, and its journal says ${journal.result}`);
  // The bootstrap's words: a host that fell this early has no launcher.
  const run = await lab.tryInHost(TORN, ...agent, "provision", "--json");
  const { seconds, resumedAt } = reportOf("the run after it", run);
  if (journal && resumedAt !== journal.at)
    throw new Error(`the run after it resumed at ${resumedAt}, and the journal said ${journal.at}`);
  return { resumeSeconds: seconds, ...(await isAsWhole(lab, until, await documentOf(lab, WHOLE))) };
}

async function killedChange(
  { lab, until }: DrillContext,
  kill: Kill,
  document: HostDocument,
): Promise<Figures> {
  await until(`${TORN} is well`, () => isWell(lab, TORN));
  const apart = unitsUntouched(await documentOf(lab, TORN), document);
  const running = await unitsOf(lab, TORN, apart);
  const [killed] = await Promise.all([
    send(lab, TORN, document, { before: wordsOf(kill) }),
    completes(lab, WHOLE, document),
  ]);
  // A run that is to be ended at an instant may have come to its end before.
  const isEnded = killed.code === KILLED || (killed.code === 0 && typeof kill.after === "number");
  if (!isEnded)
    throw new Error(`the run was to be ended, and ended with ${killed.code}: ${killed.err}${killed.out}`);
  const { seconds } = await completes(lab, TORN, document);
  mustRunOn("units that the change does not concern", running, await unitsOf(lab, TORN, apart));
  return { resumeSeconds: seconds, ...(await isAsWhole(lab, until, document)), untouchedUnits: apart.length };
}

const completes = async (lab: SampleLab, twin: string, document: HostDocument) =>
  reportOf(`${twin}: provision`, await send(lab, twin, document));

/** The torn twin beside the whole one, after a further run that must find nothing to do. */
async function isAsWhole(
  lab: SampleLab,
  until: DrillContext["until"],
  document: HostDocument,
): Promise<Figures> {
  const again = await completes(lab, TORN, document);
  if (again.changed > 0)
    throw new Error(`a further run changed ${again.steps.flatMap(({ changed }) => changed).join(", ")}`);
  const [torn, whole] = await Promise.all([filesOf(lab, TORN), filesOf(lab, WHOLE)]);
  mustBeSame("files, torn / whole", torn, whole);
  const names = document.units.map(({ name }) => name);
  // A program that has just begun may need its neighbours first: systemd starts it again until they are there.
  await until("units are in the same state", async () => {
    mustBeInSameState("torn / whole", await unitsOf(lab, TORN, names), await unitsOf(lab, WHOLE, names));
    return true;
  });
  const [mine, theirs] = [await memoryOf(lab, TORN), await memoryOf(lab, WHOLE)];
  if (mine !== theirs) throw new Error(`the journals tell another end: ${mine} / ${theirs}`);
  return { files: torn.size, againSeconds: again.seconds };
}

async function journalOf(lab: SampleLab, twin: string): Promise<JournalEntry | undefined> {
  const { code, out } = await lab.tryInHost(twin, "cat", JOURNAL);
  return code === 0 ? (JSON.parse(out) as JournalEntry) : undefined;
}

/** What the journal says besides times and how many runs it took. */
async function memoryOf(lab: SampleLab, twin: string): Promise<string> {
  const { bundle, previous, origin, result } = (await journalOf(lab, twin)) ?? {};
  return JSON.stringify({ bundle, previous, origin, result });
}

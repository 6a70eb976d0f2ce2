import type { HostDocument } from "../../cloud-init/document";
import { withFile, withIdleService } from "./document-change";
import type { Drill, DrillContext, Figures } from "./drill";
import { AGENT, documentOf, isWell, reportOf, send } from "./host-agent";
import { filesOf, mustBeSame } from "./host-files";
import { mustBeInSameState, mustRunOn, unitsOf, unitsUntouched } from "./host-units";
import type { Run } from "./run";

/** What runs of the agent leave as a record: it tells of every one, back and forth. */
const RECORDS = /^\/var\/lib\/nodewright($|\/)/;
/** Never taken away again, whatever a document says: a user may own files anywhere, a folder may hold data. */
const KEPT_FOR_GOOD =
  /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$|^\/var\/lib\/drill-\d+$|^\/etc\/nodewright-drill$/;
/** What an earlier bundle needs is kept, so that going back needs no mirror. */
const KEPT_BUNDLES = /^\/opt\/nodewright\/drill(\/|$)/;

interface Kind {
  fault: string;
  hosts: RegExp;
  change: (document: HostDocument, number: number) => HostDocument;
}

/** What is changed and taken back. The restart comes last: peers take half a minute to find a nodeos again. */
const KINDS: readonly [Kind, ...Kind[]] = [
  { fault: "one service more", hosts: /./, change: withIdleService },
  {
    fault: "another proxy configuration",
    hosts: /^rpc/,
    change: (document, number) =>
      withFile(document, "/etc/proxy/haproxy.cfg", (text) => `${text}# drill ${number}\n`),
  },
  {
    fault: "another setting of nodeos",
    // Where there is an EVM node it ends with its nodeos, as it should.
    hosts: /^(?!rpc)/,
    change: (document, number) =>
      withFile(
        document,
        "/etc/nodeos/config.ini",
        (text) => `${text}\nhttp-max-response-time-ms = ${100 + number}\n`,
      ),
  },
];

/** Back to the bundle before, and forward again. */
export const rollback: Drill = {
  name: "rollback",
  summary:
    "Changes a host, takes it back, forward and back again: its files and services must be as before each time, and processes that the change does not concern must run on.",
  defaults: { rounds: 9, seed: 1 },
  async run(context) {
    const { lab, rounds, random, round } = context;
    for (let number = 1; number <= rounds; number++) {
      const kind = KINDS[(number - 1) % KINDS.length] ?? KINDS[0];
      const hosts = lab.plan.hosts.map(({ name }) => name).filter((name) => kind.hosts.test(name));
      const host = random.shuffle(hosts)[0] ?? "rpc-a";
      await round(`${kind.fault} on ${host}, back, forward, back`, () =>
        thereAndBack(context, host, (document) => kind.change(document, number)),
      );
    }
  },
};

async function thereAndBack(
  context: DrillContext,
  host: string,
  change: (document: HostDocument) => HostDocument,
): Promise<Figures> {
  const { lab } = context;
  const old = await documentOf(lab, host);
  try {
    return await thereAndBackFrom(old, context, host, change);
  } catch (error) {
    // The next round must not inherit what this one left.
    await send(lab, host, old, { flags: ["--allow-older"] });
    throw error;
  }
}

async function thereAndBackFrom(
  old: HostDocument,
  context: DrillContext,
  host: string,
  change: (document: HostDocument) => HostDocument,
): Promise<Figures> {
  const { lab, until } = context;
  const next = change(old);
  const apart = unitsUntouched(old, next);
  const names = old.units.map(({ name }) => name);
  const all = () => unitsOf(lab, host, names);
  const look = async () => ({
    files: await filesOf(lab, host, {
      except: new RegExp([RECORDS, KEPT_FOR_GOOD, KEPT_BUNDLES].map(({ source }) => source).join("|")),
    }),
    all: await all(),
    apart: await unitsOf(lab, host, apart),
  });
  const well = (when: string) => until(`${host} is well ${when}`, () => isWell(lab, host));
  const back = async (when: string, expected: Awaited<ReturnType<typeof look>>) => {
    const seconds = report(when, await lab.tryInHost(host, AGENT, "rollback", "--json"), "rollback");
    await well(when);
    const now = await look();
    mustBeSame(`files ${when}`, expected.files, now.files);
    await until("units are in the state that they had", async () => {
      mustBeInSameState(`units ${when}`, expected.all, await all());
      return true;
    });
    mustRunOn(`units that the change does not concern, ${when}`, before.apart, now.apart);
    return seconds;
  };

  await well("at first");
  const before = await look();
  report("the change", await send(lab, host, next), "change");
  await well("after the change");
  const after = await look();
  mustRunOn("units that the change does not concern", before.apart, after.apart);
  const backSeconds = await back("after the rollback", before);
  await back("after the rollback of the rollback", after);
  await back("after the third rollback", before);
  return { backSeconds, untouchedUnits: apart.length };
}

function report(what: string, run: Run, origin: string): number {
  const { origin: found, seconds, verification } = reportOf(what, run);
  if (found !== origin) throw new Error(`${what}: the report says ${found}, not ${origin}`);
  if (verification?.verdict === "failed") throw new Error(`${what}: the host did not verify itself`);
  return Math.round(seconds * 10) / 10;
}

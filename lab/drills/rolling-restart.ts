import { knownAddress } from "../../components/core/network/address-ref";
import { loadLab } from "./chain-hosts";
import type { Drill, DrillContext, Figures } from "./drill";
import type { NativeLoad } from "./native-load";
import { loadReads, type ReadLoad } from "./read-load";
import { need } from "./run";

const AGENT = "/opt/nodewright/bin/nodewright-host";
const STOP_SECONDS = 900;

/** Each host of a lab with two read hosts is restarted, one after another, as an operator would for a new kernel. */
export const rollingRestart: Drill = {
  name: "rolling-restart",
  summary:
    "Restarts every host of a lab with two read hosts, one by one, under reads and transactions; no read of a client that knows both may fail.",
  defaults: { rounds: 7, seed: 1 },
  lab: { number: 5, stack: "docker", published: "read-1" },
  run: async (context) => {
    const { lab, random, rounds, round, until } = context;
    const names = lab.plan.hosts.map(({ name }) => name);
    for (const name of names) await until(`${name} is well`, () => isWell(context, name));
    const transactions = loadLab(lab);
    const reads = loadReads(endpointsOf(context));
    try {
      await until("reads and transactions are answered", async () => {
        return reads.reads() > 20 && transactions.accepted() > 5;
      });
      let left: string[] = [];
      for (let count = 0; count < rounds; count++) {
        const [name = "", ...rest] = left.length > 0 ? left : random.shuffle(names);
        left = rest;
        await round(`a planned restart of ${name}`, () => restart(context, name, reads, transactions));
      }
    } finally {
      await Promise.all([reads.stop(), transactions.stop()]);
    }
  },
};

/** JSON-RPC of each read host, at its own address. */
const endpointsOf = ({ lab }: DrillContext): string[] =>
  lab.plan.hosts
    .filter(({ role }) => role === "rpc")
    .map(({ addresses, listeners }) => {
      const { port } = need(
        listeners.find(({ name }) => name === "rpc"),
        "the proxy's port",
      );
      return `http://${knownAddress(addresses.cluster).ipv4}:${port}`;
    });

async function restart(
  context: DrillContext,
  name: string,
  reads: ReadLoad,
  transactions: NativeLoad,
): Promise<Figures> {
  const { lab, until } = context;
  const before = { reads: reads.reads(), moved: reads.moved(), failed: reads.failed().length };
  const accepted = transactions.accepted();
  const begun = performance.now();
  await lab.container(name).restart({ t: STOP_SECONDS });
  const backSeconds = () => Math.round(performance.now() - begun) / 1000;
  await until(`${name} is well again`, () => isWell(context, name), 600);
  const figures = { backSeconds: backSeconds() };
  // The next host may go only when this one serves: what it was asked meanwhile counts, too.
  const since = reads.reads();
  await until("reads go on", async () => reads.reads() > since + 20);
  await until("transactions go on", async () => transactions.accepted() > accepted);
  const dirty = await dirtyStarts(context, name);
  if (dirty > 0) throw new Error(`nodeos of ${name} was not stopped well: ${dirty} dirty starts`);
  const lost = reads.failed().slice(before.failed);
  if (lost.length > 0) throw new Error(`${lost.length} reads failed: ${lost.slice(0, 3).join("\n")}`);
  return {
    ...figures,
    reads: reads.reads() - before.reads,
    movedReads: reads.moved() - before.moved,
    failedReads: lost.length,
    transactions: transactions.accepted() - accepted,
  };
}

/** Everything on it does its work, and it knows so itself. */
async function isWell({ lab }: DrillContext, name: string): Promise<boolean> {
  const { code, out, err } = await lab.tryInHost(name, AGENT, "status");
  if (code !== 0) throw new Error(`${out}${err}`);
  return true;
}

async function dirtyStarts({ lab }: DrillContext, name: string): Promise<number> {
  const { out } = await lab.tryInHost(name, AGENT, "status", "--json");
  return (JSON.parse(out) as { chain?: { dirtyStarts: number } }).chain?.dirtyStarts ?? 0;
}

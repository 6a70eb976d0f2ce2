import { setTimeout as pause } from "node:timers/promises";
import { control, headOf, inSync, loadLab, recoveryOf, sameState } from "./chain-hosts";
import type { Drill, DrillContext, Figures } from "./drill";
import type { Settings } from "./sample-lab";

/** A third of the rounds kills whole hosts: 20 kills of nodeos and 10 of hosts by default. */
const HOST_EVERY = 3;
const MOST_WAIT_MS = 4_000;
const VICTIMS = ["rpc-a", "seed-a", "validator-a"] as const;
type Victim = (typeof VICTIMS)[number];
const PEER: Record<Victim, string> = { "rpc-a": "seed-a", "seed-a": "rpc-a", "validator-a": "seed-a" };
/** The only producer: while it is down the chain stands still, and it has to go on from where its peers are. */
const PRODUCER: Victim = "validator-a";

/** One of the hosts has its state in memory: a kill of nodeos leaves it a dirty state, a kill of the host none. */
export const IN_MEMORY: Victim = "seed-a";
export function inMemory(config: Settings, stateMode = "tmpfs"): void {
  const hosts = config["nodewright:hosts"];
  const services = { nodeos: { stateMode }, snapshots: { schedule: "*-*-* 05:15:00" } };
  if (hosts) hosts[IN_MEMORY] = { ...hosts[IN_MEMORY], services };
}

/** kill -9 of nodeos and of whole hosts, at random moments, with transactions going in. */
export const killNodeos: Drill = {
  name: "kill-nodeos",
  summary:
    "kills nodeos, and every third time its whole host, at random moments under transaction load; each must be back in sync by itself, with the state of an undisturbed peer",
  defaults: { rounds: 30, seed: 1 },
  lab: { edit: inMemory },
  run: async (context) => {
    const load = loadLab(context.lab);
    try {
      await context.until("the chain takes transactions", async () => load.accepted() > 5);
      let next: Victim[] = [];
      for (let count = 1; count <= context.rounds; count++) {
        // Each has its turn, in any order.
        const [host = PRODUCER, ...rest] = next.length > 0 ? next : context.random.shuffle(VICTIMS);
        next = rest;
        await oneRound(context, host, count);
      }
    } finally {
      await load.stop();
    }
  },
};

async function oneRound(context: DrillContext, host: Victim, count: number): Promise<void> {
  const { lab, random, round, until } = context;
  const isHost = count % HOST_EVERY === 0;
  const wait = random.integer(0, MOST_WAIT_MS);
  await round(`${isHost ? "docker kill of" : "kill -9 of nodeos on"} ${host} after ${wait} ms`, async () => {
    if (random.integer(0, 1) === 1) await control(lab, host, "producer/create_snapshot").catch(() => {});
    await pause(wait);
    const before = await recoveryOf(lab, host);
    const head = await headOf(lab, PEER[host]);
    const begun = performance.now();
    if (isHost) {
      await lab.container(host).kill();
      await lab.container(host).start();
    } else await killIn(context, host);
    await until(`${host} has noticed`, async () => {
      const { dirtyStarts, last } = await recoveryOf(lab, host);
      // A state in memory is gone with its host by plan: that is no dirty start, but a recovery.
      return dirtyStarts > before.dirtyStarts || last?.begun !== before.last?.begun;
    });
    await until(`${host} is past block ${head} and in sync`, async () => {
      return (await headOf(lab, host)) > head && (await inSync(lab, host, PEER[host]));
    });
    const backSeconds = Math.round(performance.now() - begun) / 1000;
    if (host === PRODUCER) await producesAgain(context);
    await sameState(lab, host, PEER[host]);
    return { backSeconds, ...(await rungFigures(context, host)) };
  });
}

/** It was held back until it knew what its peers know; then its new blocks reach them. */
async function producesAgain({ lab, until }: DrillContext): Promise<void> {
  await until(`${PRODUCER} was let go`, async () => {
    const { notes } = await recoveryOf(lab, PRODUCER);
    return /production goes on/.test(notes.at(-1)?.what ?? "");
  });
  const head = await headOf(lab, PEER[PRODUCER]);
  await until(`${PEER[PRODUCER]} has new blocks of it`, async () => {
    return (await headOf(lab, PEER[PRODUCER])) > head + 2;
  });
}

async function killIn({ lab }: DrillContext, host: string): Promise<void> {
  await lab.inHost(host, "sh", "-c", "kill -9 $(pgrep -o -u nodeos -f 'nodeos --config-dir')");
}

/** The recovery itself, without the boot before and the catching up after it. */
async function rungFigures({ lab }: DrillContext, host: string): Promise<Figures> {
  const { last } = await recoveryOf(lab, host);
  return last ? { [`${last.rung}Seconds`]: last.seconds } : {};
}

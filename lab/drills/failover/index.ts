import { bootChain } from "../chain/boot";
import { nativeOf } from "../chain/native";
import { loadLab } from "../chain-hosts";
import type { Drill, DrillContext, Figures } from "../drill";
import { need } from "../run";
import type { SampleLab } from "../sample-lab";
import { FAULTS, type Fault } from "./faults";
import type { Ground } from "./ground";
import { judge, type Signed, signedIn, type Term } from "./judge";
import { groupStatus, labGround, termsOf, validatorsOf } from "./lab-ground";

/** What was seen since the drill began: hosts forget, and the history in etcd is short. */
interface Seen {
  signed: Map<string, Signed>;
  terms: Map<number, Term>;
}

/** All hosts share one machine, which may be busy: with the times of a host of one's own it would be fenced all the time. */
const PATIENT = {
  leaseSeconds: 40,
  fenceSeconds: 16,
  stopSeconds: 14,
  ageSeconds: 8,
  holdDownSeconds: 120,
  missedSlots: 60,
};

/** Faults at random under load: no slot has two signers, nobody signs out of its term, and production comes back. */
export const failover: Drill = {
  name: "failover",
  summary:
    "Everything that can go wrong with validators that take turns, by chance: no slot is signed by two hosts, and production comes back.",
  defaults: { rounds: FAULTS.length, seed: 1 },
  lab: {
    number: 5,
    stack: "failover",
    edit: (config) => {
      const producers = config["nodewright:hosts"]?.producers;
      if (producers) producers.failover = { timing: PATIENT };
      // It serves nobody outside.
      delete config["nodewright:target"]?.docker?.publish;
    },
  },
  run: async (context) => {
    const { lab, rounds, random } = context;
    await boot(context);
    const ground = labGround(lab);
    const load = loadLab(lab);
    const seen: Seen = { signed: new Map(), terms: new Map() };
    try {
      for (let round = 0, bag: Fault[] = []; round < rounds; round++) {
        // All of them come before one comes again.
        if (bag.length === 0) bag = random.shuffle(FAULTS);
        const fault = need(bag.pop(), "a fault");
        await context.round(fault.name, () => oneFault(context, ground, { fault, seen }));
      }
    } finally {
      await load.stop();
    }
  },
};

/** The keys of all hosts become those of their producer: the genesis knows the first one's alone. */
async function boot({ lab, until, progress }: DrillContext): Promise<void> {
  progress("the producer gets the keys of all of its hosts");
  const [first, ...rest] = validatorsOf(lab);
  const { signing } = lab.keys;
  const keyOf = (host: string | undefined) => need(signing[host ?? ""], `the signing key of ${host}`);
  await until("the first host produces", async () => {
    const { view } = await groupStatus(lab);
    return view?.holder?.host === first;
  });
  const account = need(lab.host(first ?? "").producer?.name, "its producer");
  await bootChain({
    native: nativeOf(lab, first ?? ""),
    key: keyOf(first).private,
    schedule: [{ account, publicKey: keyOf(first).public, others: rest.map((host) => keyOf(host).public) }],
    until,
  });
}

async function oneFault(
  { lab, random, until, progress }: DrillContext,
  ground: Ground,
  { fault, seen }: { fault: Fault; seen: Seen },
): Promise<Figures> {
  const holder = await produces(lab, until);
  const other = need(
    ground.validators.find((name) => name !== holder),
    "another validator",
  );
  const begun = new Date();
  progress(`${holder} holds`);
  await fault.make(ground, { holder, other, random });
  await produces(lab, until);
  await until("every host takes part again", async () => {
    const { view } = await groupStatus(lab);
    return ground.validators.every((name) => view?.hosts[name]?.hindrances.length === 0);
  });
  const status = await groupStatus(lab);
  for (const term of termsOf(status)) seen.terms.set(term.term, term);
  for (const host of ground.validators) {
    const words = ["journalctl", "--unit", "nodeos", "--output", "cat", "--no-pager"];
    const since = new Date(begun.getTime() - 60_000).toISOString().replace("T", " ").slice(0, 19);
    const log = await lab.inHost(host, ...words, "--since", `${since} UTC`);
    for (const block of signedIn(host, log)) seen.signed.set(`${host} ${block.slot}`, block);
  }
  const { doubles, overlaps } = judge([...seen.signed.values()], inOrder(seen.terms));
  if (doubles.length + overlaps.length > 0)
    throw new Error([...doubles, ...overlaps].slice(0, 20).join("\n"));
  const since = begun.toISOString().slice(0, -1);
  const { longestGap } = judge(
    [...seen.signed.values()].filter(({ slot }) => slot >= since),
    inOrder(seen.terms),
  );
  return { gapSlots: longestGap.slots, terms: status.view?.holder?.term ?? 0, signed: seen.signed.size };
}

const inOrder = (terms: Map<number, Term>): Term[] => [...terms.values()].sort((a, b) => a.term - b.term);

/** Until a relay gets blocks and somebody holds; answers with who. */
async function produces(lab: SampleLab, until: DrillContext["until"]): Promise<string> {
  const relay = need(
    lab.plan.hosts.find(({ role }) => role === "seed"),
    "a relay",
  ).name;
  let [from, holder] = [-1, ""];
  await until("the group produces", async () => {
    const { head } = await nativeOf(lab, relay).info();
    if (from < 0) from = head;
    holder = (await groupStatus(lab)).view?.holder?.host ?? "";
    return holder !== "" && head >= from + 4;
  });
  return holder;
}

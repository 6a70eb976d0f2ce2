import { loadLab } from "../chain-hosts";
import type { Drill, DrillContext, Figures } from "../drill";
import { need } from "../run";
import { PATIENCE, produces, setSchedule } from "./boot";
import { Evidence } from "./evidence";
import { FAULTS, type Fault } from "./faults";
import type { Ground } from "./ground";
import { giveOwnClock } from "./lab-clock";
import { labGround } from "./lab-ground";
import { groupStatus, validatorsOf } from "./lab-group";

/** All hosts share one machine, which may be busy: with the times of a host of one's own it would be fenced all the time. */
const PATIENT = {
  leaseSeconds: 20,
  fenceSeconds: 8,
  stopSeconds: 7,
  ageSeconds: 3,
  holdDownSeconds: 20,
  missedSlots: 30,
};
/** A validator beside the group, in the second half of the faults. */
const OTHER = "other";

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
      const hosts = config["nodewright:hosts"] ?? {};
      if (hosts.producers) hosts.producers.failover = { timing: PATIENT };
      hosts[OTHER] = {
        role: "validator",
        producer: "second",
        failover: { none: "another producer of the schedule" },
      };
      // It serves nobody outside.
      delete config["nodewright:target"]?.docker?.publish;
    },
  },
  run: async (context) => {
    const { lab, rounds, random } = context;
    await Promise.all(validatorsOf(lab).map((host) => giveOwnClock(lab, host)));
    await setSchedule(context, []);
    const [ground, evidence] = [labGround(lab), new Evidence(lab)];
    const load = loadLab(lab);
    try {
      for (let round = 0, bag: Fault[] = []; round < rounds; round++) {
        // All of them come before one comes again; every second time with another producer in the schedule.
        if (bag.length === 0) {
          bag = random.shuffle(FAULTS);
          await setSchedule(context, Math.floor(round / FAULTS.length) % 2 === 1 ? [OTHER] : []);
        }
        const fault = need(bag.pop(), "a fault");
        await context.round(fault.name, () => oneFault(context, ground, { fault, evidence }));
      }
    } finally {
      await load.stop();
    }
  },
};

/** Makes a fault and answers with what it cost. Throws where two hosts signed, or production does not come back. */
async function oneFault(
  context: DrillContext,
  ground: Ground,
  { fault, evidence }: { fault: Fault; evidence: Evidence },
): Promise<Figures> {
  const { lab, random, until, progress } = context;
  const holder = await produces(context);
  const other = need(
    ground.validators.find((name) => name !== holder),
    "another validator",
  );
  const ready = (what: string, hosts: readonly string[]) => {
    const since = Date.now();
    return until(what, async () => isReady(await groupStatus(lab), hosts, since), PATIENCE);
  };
  await ready("the other host is ready", [other]);
  const begun = new Date();
  progress(`${holder} holds; ${fault.name}`);
  await fault.make(ground, { holder, other, random });
  const after = await produces(context);
  await ready("every host takes part again", ground.validators);
  await evidence.collect(ground.validators, [OTHER], begun);
  const { doubles, overlaps } = evidence.judgement();
  if (doubles.length + overlaps.length > 0)
    throw new Error([...doubles, ...overlaps].slice(0, 20).join("\n"));
  const allowed = fault.allowedSlots?.(ground);
  return {
    gapSlots: evidence.judgement(begun).longestGap.slots,
    ...(allowed === undefined ? {} : { allowedSlots: allowed }),
    holders: holder === after ? holder : `${holder} -> ${after}`,
    why: evidence.reasonsSince(begun).join("; ") || "it held on",
    signed: evidence.count,
  };
}

type Status = Awaited<ReturnType<typeof groupStatus>>;

/** What a host said before it was cut off is kept for a while. */
const isReady = ({ view }: Status, hosts: readonly string[], since: number): boolean =>
  hosts.every((name) => {
    const state = view?.hosts[name];
    return state?.hindrances.length === 0 && Date.parse(state.time) >= since;
  });

import type { FailoverTiming } from "./settings";

/**
 * What holds where a stack file says nothing. Lease and renewal: a crash costs the lease and two seconds; ten renewals may
 * be lost. Early: measured on nodeos 4.1, which signs up to 0.6 s before its slot. Drift: a hundred times what NTP allows.
 */
export const DEFAULT_TIMING: FailoverTiming = {
  leaseSeconds: 10,
  renewSeconds: 1,
  fenceSeconds: 4,
  stopSeconds: 3,
  ageSeconds: 2,
  earlySeconds: 0.6,
  drift: 0.01,
  holdDownSeconds: 60,
  noPeersSeconds: 10_800,
  missedSlots: 6,
};

/** From the end of a lease to the first block of whoever takes it: a look at etcd, a look at nodeos, a slot of 0.5 s. */
const TAKING_SECONDS = 2;

interface Term {
  key: "fenceSeconds" | "stopSeconds" | "ageSeconds" | "earlySeconds";
  what: string;
}

/** What may follow one another, at worst, between the sending of a holder's last renewal and its last signature. */
export const TERMS: readonly Term[] = [
  { key: "fenceSeconds", what: "the holder pauses by itself" },
  { key: "stopSeconds", what: "the guard stops nodeos where the agent does not" },
  { key: "ageSeconds", what: "a frozen nodeos, once thawed, finds its chain too old" },
  { key: "earlySeconds", what: "nodeos signs before its slot" },
];

/** Two sums of seconds are the same where they differ by less than a microsecond: they are made of decimals. */
const SAME = 1e-6;

/** The longest that a holder may still sign after it sent its last renewal, in seconds of its own clock. */
export const worstSignature = (timing: FailoverTiming): number =>
  TERMS.reduce((sum, { key }) => sum + timing[key], 0);

/** Whether no slot can be signed by two hosts: fence + stop + age + early ≤ lease × (1 − drift). */
export const isSafe = (timing: FailoverTiming): boolean =>
  worstSignature(timing) <= timing.leaseSeconds * (1 - timing.drift) + SAME;

/** The shortest lease, in whole seconds as etcd counts them, that goes with the other times. */
export const leastLease = (timing: FailoverTiming): number =>
  Math.ceil(worstSignature(timing) / (1 - timing.drift) - SAME);

/** The longest that the chain may be without this producer's blocks when its holder dies, where etcd keeps a leader. */
export const crashGap = ({ leaseSeconds }: FailoverTiming): number => leaseSeconds + TAKING_SECONDS;

/** The inequality with its numbers, for people: `fence 4 + stop 3 + age 2 + early 0.6 = 9.6 s, and a lease …`. */
export function inequality(timing: FailoverTiming): string {
  const terms = TERMS.map(({ key }) => `${key.replace("Seconds", "")} ${timing[key]}`).join(" + ");
  const least = Number((timing.leaseSeconds * (1 - timing.drift)).toFixed(3));
  return `${terms} = ${Number(worstSignature(timing).toFixed(3))} s, and a lease of ${timing.leaseSeconds} s lasts ${least} s at least (drift ${timing.drift * 100} %)`;
}

/** What nodeos starts with as `max-irreversible-block-age`: it counts whole seconds. */
export const irreversibleAge = ({ ageSeconds }: FailoverTiming): number => Math.floor(ageSeconds);

/** Seconds of the guard's that are left once the watchdog has found the agent silent: to kill nodeos in. */
const KILL_SECONDS = 1;
/** Of an agent whose nodeos is paused: it harms nobody, and may be on a machine that is slow. */
const IDLE_SECONDS = 60;

/** The shortest `stopSeconds` that leaves the watchdog, which counts from 1 s on, its time. */
export const LEAST_STOP = 1 + KILL_SECONDS;

/** Seconds without a word of the agent, until systemd ends it: while nodeos may make blocks, and while it may not. */
export const watchdogSeconds = ({ stopSeconds }: FailoverTiming) => ({
  armed: stopSeconds - KILL_SECONDS,
  idle: Math.max(IDLE_SECONDS, stopSeconds),
});

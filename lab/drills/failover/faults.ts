import type { Random } from "../random";
import type { Cut, Ground, Part } from "./ground";

/** Something that goes wrong, from its beginning to when it is over. The holder is whoever holds when it begins. */
export interface Fault {
  name: string;
  make(ground: Ground, at: { holder: string; other: string; random: Random }): Promise<void>;
  /** Slots without a block that it may cost on a machine that is not busy. Absent where that is the fault's own length. */
  allowedSlots?(ground: Ground): number;
}

/** What dies at once costs the lease at most, and two seconds to take it. */
const aLease = ({ leaseSeconds }: Ground): number => (leaseSeconds + 2) * 2;

/** Shorter than a lease, about as long, and well beyond: what is safe must not hang on which. */
const aWhile = ({ leaseSeconds }: Ground, random: Random): number =>
  random.integer(1, Math.round(leaseSeconds * 1.8));

const killed = (part: Part): Fault => ({
  name: `SIGKILL of ${part}`,
  make: (ground, { holder }) => ground.signal(holder, part, "SIGKILL"),
  allowedSlots: aLease,
});

const stopped = (part: Part): Fault => ({
  name: `SIGSTOP of ${part}, and SIGCONT`,
  make: async (ground, { holder, random }) => {
    await ground.signal(holder, part, "SIGSTOP");
    await ground.pause(aWhile(ground, random));
    await ground.signal(holder, part, "SIGCONT");
  },
});

const cutOff = (from: "etcd" | "peers" | "everything", how: Cut): Fault => ({
  name: `the holder is cut off from ${from} (${how})`,
  make: async (ground, { holder, random }) => {
    await ground.cut(holder, from, how);
    await ground.pause(aWhile(ground, random));
    await ground.heal(holder);
  },
});

const frozen: Fault = {
  name: "the holder's host is frozen and thawed",
  make: async (ground, { holder, random }) => {
    await ground.freeze(holder);
    await ground.pause(aWhile(ground, random));
    await ground.thaw(holder);
  },
};

const hostKilled: Fault = {
  name: "the holder's host is killed",
  make: (ground, { holder }) => ground.kill(holder),
  allowedSlots: aLease,
};

const leaderLost = (signal: "SIGKILL" | "SIGSTOP"): Fault => ({
  name: `${signal} of etcd's leader`,
  make: async (ground, { random }) => {
    const leader = await ground.leader();
    await ground.signal(leader, "etcd", signal);
    await ground.pause(aWhile(ground, random));
    if (signal === "SIGSTOP") await ground.signal(leader, "etcd", "SIGCONT");
  },
});

const quorumLost: Fault = {
  name: "etcd's quorum is lost and comes back",
  make: async (ground, { random }) => {
    const most = random.shuffle(ground.members).slice(0, Math.floor(ground.members.length / 2) + 1);
    for (const member of most) await ground.signal(member, "etcd", "SIGSTOP");
    await ground.pause(aWhile(ground, random));
    for (const member of most) await ground.signal(member, "etcd", "SIGCONT");
  },
};

const diskFull: Fault = {
  name: "the holder's disk is full",
  make: async (ground, { holder, random }) => {
    await ground.fill(holder);
    // Its agent looks at the disk every ten seconds.
    await ground.pause(10 + aWhile(ground, random));
    await ground.empty(holder);
  },
};

const HOUR_MS = 3_600_000;

const clockJump = (direction: "forward" | "back"): Fault => ({
  name: `the clock of the holder's agent jumps ${direction}`,
  make: async (ground, { holder, random }) => {
    await ground.shiftClock(holder, direction === "forward" ? HOUR_MS : -HOUR_MS);
    await ground.pause(aWhile(ground, random));
    await ground.shiftClock(holder, 0);
  },
});

const leaderAndHolder: Fault = {
  name: "etcd's leader and the holder's agent and nodeos are killed at once",
  make: async (ground, { holder }) => {
    const leader = await ground.leader();
    await Promise.all([
      ground.signal(leader, "etcd", "SIGKILL"),
      ground.signal(holder, "agent", "SIGKILL"),
      ground.signal(holder, "nodeos", "SIGKILL"),
    ]);
  },
};

const twoOperators: Fault = {
  name: "two operators' switchovers at once",
  make: async (ground, { other }) => {
    const taken = await Promise.all([ground.moveTo(other), ground.moveTo(other)]);
    if (taken.filter(Boolean).length > 1) throw new Error("two orders were taken at once");
    await ground.pause(2);
  },
};

const switchover: Fault = {
  name: "a planned switchover",
  make: async (ground, { other }) => {
    await ground.moveTo(other);
    await ground.pause(2);
  },
  allowedSlots: () => 1,
};

const restarted: Fault = { name: "a restart of the whole group", make: (ground) => ground.restart() };

/** Each once, in the order in which a drill without chance would make them. */
export const FAULTS: readonly [Fault, ...Fault[]] = [
  switchover,
  killed("nodeos"),
  killed("agent"),
  killed("etcd"),
  stopped("nodeos"),
  stopped("agent"),
  stopped("etcd"),
  frozen,
  hostKilled,
  cutOff("etcd", "both"),
  cutOff("etcd", "in"),
  cutOff("etcd", "slow"),
  cutOff("peers", "both"),
  cutOff("peers", "in"),
  cutOff("everything", "both"),
  cutOff("everything", "slow"),
  cutOff("everything", "lossy"),
  leaderLost("SIGKILL"),
  leaderLost("SIGSTOP"),
  quorumLost,
  diskFull,
  clockJump("forward"),
  clockJump("back"),
  leaderAndHolder,
  twoOperators,
  restarted,
];

/** The fault of that name. Throws where there is none. */
export function faultOf(name: string): Fault {
  const found = FAULTS.find((fault) => fault.name === name);
  if (!found) throw new Error(`there is no fault "${name}"`);
  return found;
}

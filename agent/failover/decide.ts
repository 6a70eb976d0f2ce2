import type { FailoverSettings } from "../../components/core/failover/settings";
import type { Beginning, HostState } from "./group";
import { hindrancesOf } from "./hindrances";
import type { Memory, Seen } from "./seen";
import { troubleOf } from "./trouble";

/** What to do now. Every step may fail, and is then decided anew. */
export type Step =
  | { do: "nothing" }
  /** nodeos makes blocks, and this host does not hold. */
  | { do: "pause" }
  | { do: "resume" }
  /** Nobody holds: try to. */
  | { do: "take"; reason: string }
  /** The group says that this host holds, and it does not know until when: hold on. */
  | { do: "adopt" }
  /** The watermark becomes this host's head: an operator's word. */
  | { do: "reset" }
  /** Stop making blocks, then let go. */
  | { do: "yield"; reason: string }
  /** Its chain can never follow the group's: drop it, and begin as a new host does. */
  | { do: "anew"; from: Beginning }
  /** nodeos may make blocks and does not listen: leave it to the guard. */
  | { do: "abandon"; reason: string };

export interface Decision {
  step: Step;
  phase: HostState["phase"];
  hindrances: string[];
  memory: Memory;
}

const NOTHING: Step = { do: "nothing" };

/** What a host does with what it knows. Pure: no clock, no nodeos, no etcd. */
export function decide(settings: FailoverSettings, before: Memory, seen: Seen): Decision {
  const memory = remember(settings, before, seen);
  const hindrances = hindrancesOf(settings, seen);
  const holds = seen.deadline !== undefined && seen.now < seen.deadline;
  const step = holds ? asHolder(settings, memory, seen) : asStandby(settings, memory, { seen, hindrances });
  return { step, phase: phaseOf(settings, seen, holds), hindrances, memory };
}

function phaseOf({ host }: FailoverSettings, { chain, group }: Seen, holds: boolean): HostState["phase"] {
  if (holds) return "holder";
  if (chain?.paused === false) return "fenced";
  if (group?.maintenance.has(host)) return "maintenance";
  return chain && group ? "standby" : "waiting";
}

function remember(
  { producer }: FailoverSettings,
  before: Memory,
  { now, chain, group, deadline, notOurs }: Seen,
): Memory {
  const term = group?.holder?.term ?? group?.history.at(-1)?.term;
  const isOwn = chain && chain.producer === producer && chain.head.number !== before.made?.number;
  const isActive = deadline !== undefined && chain?.paused === false;
  const lonely = chain?.peers === 0 ? (before.lonelySince ?? now) : undefined;
  const vacant = group && !group.holder ? (before.vacantSince ?? now) : undefined;
  const made =
    isOwn || !isActive || !before.made ? { number: chain?.head.number ?? 0, at: now } : before.made;
  return {
    made,
    ...(vacant === undefined ? {} : { vacantSince: vacant }),
    ...(lonely === undefined ? {} : { lonelySince: lonely }),
    ...(notOurs ? { strangerSince: before.strangerSince ?? now } : {}),
    ...(term === undefined
      ? {}
      : { term: term === before.term?.number ? before.term : { number: term, at: now } }),
  };
}

/** Hosts that may take over, as they said last. */
export const readyOthers = ({ host }: FailoverSettings, { group }: Seen): string[] =>
  [...(group?.hosts ?? [])]
    .filter(
      ([name, state]) => name !== host && !group?.maintenance.has(name) && state.hindrances.length === 0,
    )
    .map(([name]) => name);

function asHolder(settings: FailoverSettings, memory: Memory, seen: Seen): Step {
  const { chain, group, silence, now } = seen;
  const ready = readyOthers(settings, seen);
  const order = group?.order;
  if (order && order.host !== settings.host && (order.kind === "rejoin" || ready.includes(order.host)))
    return { do: "yield", reason: `${order.by}: ${order.kind} to ${order.host}` };
  if (group?.maintenance.has(settings.host) && ready.length > 0)
    return { do: "yield", reason: `${settings.host} goes into maintenance` };
  if (silence?.kind === "mute" && now - silence.since >= settings.timing.stopSeconds * 1000)
    return { do: "abandon", reason: "nodeos runs and does not answer" };
  const trouble = troubleOf(settings, memory, seen);
  if (trouble && (ready.length > 0 || trouble.alone)) return { do: "yield", reason: trouble.reason };
  return chain?.paused && seen.hasWatermark !== false && !trouble?.alone ? { do: "resume" } : NOTHING;
}

function asStandby(
  settings: FailoverSettings,
  memory: Memory,
  { seen, hindrances }: { seen: Seen; hindrances: readonly string[] },
): Step {
  const { chain, group, now } = seen;
  if (chain?.paused === false) return { do: "pause" };
  if (!chain || !group) return NOTHING;
  if (mustBeginAnew(settings, memory, seen)) return { do: "anew", from: seen.notOurs };
  if (group.holder)
    return group.holder.host === settings.host && hindrances.length === 0 ? { do: "adopt" } : NOTHING;
  const order = group.order;
  const isMine = order?.host === settings.host;
  if (isMine && order.kind === "rejoin" && seen.hasWatermark === false) return { do: "reset" };
  if (hindrances.length > 0) return NOTHING;
  const vacantMs = now - (memory.vacantSince ?? now);
  const { leaseSeconds } = settings.timing;
  // The host that was told to: as long as it may be on its way.
  if (order && !isMine && vacantMs < leaseSeconds * 1000) return NOTHING;
  if (!isMine && vacantMs < patienceMs(settings, seen)) return NOTHING;
  return { do: "take", reason: reasonOf(settings, seen) };
}

/** For a lease's time, and while another holds whose chain is final beyond: what is dropped is surely not the last there is. */
function mustBeginAnew(
  { host, timing }: FailoverSettings,
  { strangerSince }: Memory,
  seen: Seen,
): seen is Seen & Required<Pick<Seen, "notOurs">> {
  const { group, notOurs, now } = seen;
  if (!group?.holder || !notOurs || strangerSince === undefined) return false;
  if (group.holder.host === host || group.maintenance.has(host)) return false;
  const final = group.hosts.get(group.holder.host)?.lib ?? 0;
  return final >= notOurs.number && now - strangerSince >= timing.leaseSeconds * 1000;
}

/** How long a host leaves it to those that are better placed: each has its turn, and the next where it does not use it. */
function patienceMs(settings: FailoverSettings, seen: Seen): number {
  const { group, chain } = seen;
  const { renewSeconds, leaseSeconds } = settings.timing;
  const last = group?.history.at(-1);
  // The first of all: the primary may only just be starting.
  if (!last && settings.host !== settings.primary) return leaseSeconds * 1000;
  const hasYielded = (name: string) => group?.yielded?.host === name && group.yielded.term === last?.term;
  const place = (name: string) => {
    const names = settings.hosts.map((each) => each.name);
    return name === settings.primary ? -1 : names.indexOf(name);
  };
  const own = chain?.head.number ?? 0;
  const better = readyOthers(settings, seen).filter((name) => {
    if (hasYielded(name) !== hasYielded(settings.host)) return hasYielded(settings.host);
    const theirs = group?.hosts.get(name)?.head?.number ?? 0;
    // Looks are a moment apart: so near, the stack file's order decides.
    return Math.abs(theirs - own) > 4 ? theirs > own : place(name) < place(settings.host);
  });
  return better.length * 2 * renewSeconds * 1000;
}

function reasonOf({ host }: FailoverSettings, { group }: Seen): string {
  if (group?.order?.host === host) return `${group.order.by}: ${group.order.kind} to ${host}`;
  const last = group?.history.at(-1);
  if (!last) return "the first of its group";
  const { yielded } = group ?? {};
  return yielded?.term === last.term
    ? `${yielded.host} gave up: ${yielded.reason}`
    : `${last.host} is no longer heard of`;
}

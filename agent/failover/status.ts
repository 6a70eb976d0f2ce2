import type { FailoverSettings } from "../../components/core/failover/settings";
import type { Decision } from "./decide";
import type { Group, HostState } from "./group";
import type { ChainView } from "./nodeos-control";
import type { Memory, Seen } from "./seen";
import type { Stop } from "./stops";
import { slotsMissed } from "./trouble";

/** What a host knows of its group and of itself, as `failover status --json` tells it. Times are ISO 8601, ages seconds. */
export interface FailoverStatus {
  host: string;
  group: string;
  producer: string;
  time: string;
  phase: HostState["phase"];
  hindrances: string[];
  /** While it holds. */
  term?: number;
  leaseAgeSeconds?: number;
  /** Of its own slots, in a row, without a block. */
  missedSlots?: number;
  /** While its nodeos answers. */
  paused?: boolean;
  head?: number;
  lib?: number;
  peers?: number;
  /** When and why it stopped producing by itself in the last quarter of an hour, oldest first. */
  stops: Stop[];
  /** How long it may be without an answer of etcd, seconds. */
  fenceSeconds: number;
  /** What an operator had better change, where something does not suit this chain. */
  note?: string;
  /** The group as etcd's quorum told it last, and how long ago. */
  view?: Omit<Group, "hosts" | "maintenance"> & { hosts: Record<string, HostState>; maintenance: string[] };
  viewAgeSeconds?: number;
}

interface Known {
  decision: Decision | undefined;
  memory: Memory;
  seen: Seen;
  term: number | undefined;
  leaseAgeSeconds: number | undefined;
  chain: ChainView | undefined;
  group: { view: Group; ageSeconds: number } | undefined;
  stops: Stop[];
  note: string | undefined;
}

export function statusOf(settings: FailoverSettings, known: Known): FailoverStatus {
  const { decision, memory, seen, term, leaseAgeSeconds, chain, group, stops, note } = known;
  return {
    host: settings.host,
    group: settings.group,
    producer: settings.producer,
    time: new Date().toISOString(),
    phase: decision?.phase ?? "waiting",
    hindrances: decision?.hindrances ?? [],
    ...(term === undefined ? {} : { term }),
    ...(leaseAgeSeconds === undefined
      ? {}
      : { leaseAgeSeconds, missedSlots: slotsMissed(settings.producer, memory, seen) }),
    ...(chain ? { paused: chain.paused, head: chain.head.number, lib: chain.lib, peers: chain.peers } : {}),
    stops,
    fenceSeconds: settings.timing.fenceSeconds,
    ...(note === undefined ? {} : { note }),
    ...(group ? { view: plainGroup(group.view), viewAgeSeconds: group.ageSeconds } : {}),
  };
}

/** What the others of the group are told. */
export const stateOf = (
  { hindrances, phase }: Decision,
  chain: ChainView | undefined,
  leftOut: string | undefined,
): HostState => ({
  phase,
  hindrances,
  time: new Date().toISOString(),
  ...(chain ? { head: chain.head, lib: chain.lib, chainId: chain.chainId } : {}),
  ...(leftOut === undefined ? {} : { leftOut }),
});

/** As JSON has it. */
const plainGroup = ({ hosts, maintenance, ...group }: Group): NonNullable<FailoverStatus["view"]> => ({
  ...group,
  hosts: Object.fromEntries(hosts),
  maintenance: [...maintenance],
});

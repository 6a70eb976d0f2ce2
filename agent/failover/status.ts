import type { Group, HostState } from "./group";

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
  /** The group as etcd's quorum told it last, and how long ago. */
  view?: Omit<Group, "hosts" | "maintenance"> & { hosts: Record<string, HostState>; maintenance: string[] };
  viewAgeSeconds?: number;
}

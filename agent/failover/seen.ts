import type { Beginning, Group } from "./group";
import type { ChainView } from "./nodeos-control";

/** What the agent of a host knows at one moment. */
export interface Seen {
  /** Of the clock that the deadlines are on, ms. */
  now: number;
  /** Wall clock, ms since 1970: only to tell how old a block is. */
  wall: number;
  /** Absent where nodeos gave no answer of late. */
  chain?: ChainView;
  /** How nodeos is silent: nobody listens (it is dead, or starts and is paused), or it says nothing, whatever it does. */
  silence?: { kind: "dead" | "mute"; since: number };
  /** Whether its chain has the watermark; undefined where there is none, or that could not be asked. */
  hasWatermark?: boolean;
  /** The group's block in whose place its chain has another, final by its own word: it can never follow the group again. */
  notOurs?: Beginning;
  /** Whether its chain has the account of the producer; absent before it was asked. */
  hasProducer?: boolean;
  /** Absent where etcd's quorum did not answer of late, or the chain was not looked at since it answers again. */
  group?: Group;
  /** Until when this host holds and may produce. */
  deadline?: number;
  diskFreePercent: number;
}

/** What a decision leaves for the next one. All times of the clock that the deadlines are on. */
export interface Memory {
  /** Since when nobody holds. */
  vacantSince?: number;
  /** When this term was seen first. */
  term?: { number: number; at: number };
  /** When this host's last own block was seen, and which. */
  made?: { number: number; at: number };
  /** Since when its chain has been another one. */
  strangerSince?: number;
  /** Since when it has had no peer. */
  lonelySince?: number;
}

export type Part = "nodeos" | "agent" | "etcd";
/** `both`: nothing comes through. `in`: what comes back is lost. `slow`: it all comes late. `lossy`: a part of it is lost. */
export type Cut = "both" | "in" | "slow" | "lossy";

/** A group of validators on which faults can be made: hosts of a lab, or processes of loopback. */
export interface Ground {
  /** Who holds, as etcd's quorum has it; undefined while nobody does, or there is no quorum. */
  holder(): Promise<string | undefined>;
  /** Hosts that may produce. */
  validators: readonly string[];
  /** Hosts with a member of etcd. */
  members: readonly string[];
  /** The member that leads now. */
  leader(): Promise<string>;
  signal(host: string, part: Part, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** All of a host stands still, what watches over its programs too; and goes on. */
  freeze(host: string): Promise<void>;
  thaw(host: string): Promise<void>;
  /** A host goes down without a word, and comes up again. */
  kill(host: string): Promise<void>;
  cut(host: string, from: "etcd" | "peers" | "everything", how: Cut): Promise<void>;
  /** Ends every cut of a host. */
  heal(host: string): Promise<void>;
  /** The data disk looks full to the agent of a host; and has room again. */
  fill(host: string): Promise<void>;
  empty(host: string): Promise<void>;
  /** The wall clock of a host's agent is so far from what it should be, in ms; 0 ends it. */
  shiftClock(host: string, milliseconds: number): Promise<void>;
  /** An operator's word; answers whether it moved production: another's may have, or none was needed. */
  moveTo(host: string): Promise<boolean>;
  /** All validators end in order and begin anew. */
  restart(): Promise<void>;
  pause(seconds: number): Promise<void>;
  /** Of the group, in seconds. */
  leaseSeconds: number;
}

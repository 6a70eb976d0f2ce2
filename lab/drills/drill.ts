import type { Random } from "./random";
import type { LabChoice, SampleLab } from "./sample-lab";

/** What was measured or seen in a round, by name with its unit: `{ downSeconds: 2.1 }`. */
export type Figures = Record<string, number | string>;

/** A fault that is made on hosts of a lab, again and again, and what must hold after it. */
export interface Drill {
  /** As people type it. */
  name: string;
  /** One sentence for `--help`: what is done, and what must hold. */
  summary: string;
  defaults: { rounds: number; seed: number };
  /** The lab that it works on; default three hosts of the stack `lab`. It is up when `run` begins. */
  lab?: LabChoice;
  /** Makes its rounds by `context.round`, one after another. What it throws outside of a round ends the drill. */
  run(context: DrillContext): Promise<void>;
}

export interface DrillContext {
  lab: SampleLab;
  /** How many rounds are asked for. */
  rounds: number;
  random: Random;
  /** Aborted when the operator wants it to end; `until` and `round` heed it by themselves. */
  signal: AbortSignal;
  /** Tells what is going on, within a round or before the first. */
  progress(line: string): void;
  /**
   * One round: the fault in words, and the work that makes it and throws whatever does not hold after it. Never throws
   * for a failed round: answers whether it held.
   */
  round(fault: string, work: () => Promise<Figures | undefined>): Promise<boolean>;
  /** Looks again and again until `holds` answers true; what it throws counts as not yet. Throws with the last reason. */
  until(what: string, holds: () => Promise<boolean>, seconds?: number): Promise<void>;
}

export interface Round {
  /** From 1. */
  round: number;
  fault: string;
  ok: boolean;
  /** Of a failed round. */
  reason?: string;
  seconds: number;
  figures?: Figures;
}

export interface DrillResult {
  drill: string;
  seed: number;
  rounds: Round[];
  passed: number;
  failed: number;
  seconds: number;
  /** Why it made no more rounds, where it did not come to its end. */
  ended?: string;
}

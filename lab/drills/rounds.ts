import type { Drill, DrillResult, Figures, Round } from "./drill";
import { randomFrom } from "./random";
import type { SampleLab } from "./sample-lab";
import { until } from "./until";

export interface DrillRun {
  lab: SampleLab;
  /** Default those of the drill. */
  rounds?: number;
  seed?: number;
  signal?: AbortSignal;
  /** Told what goes on; default nobody. */
  progress?: (line: string) => void;
  /** Told of each round as soon as it has ended. */
  onRound?: (round: Round) => void;
}

/** A drill that was cut off, by its operator or by what it could not do: what its rounds came to is worth keeping. */
export class CutOff extends Error {
  constructor(
    readonly result: DrillResult,
    override readonly cause: unknown,
  ) {
    super(result.ended);
  }
}

/** Runs a drill on a lab that is up. Throws a `CutOff` when `signal` ends it, and for what the drill itself cannot do. */
export async function runDrill(drill: Drill, run: DrillRun): Promise<DrillResult> {
  const { lab, rounds = drill.defaults.rounds, seed = drill.defaults.seed } = run;
  const { signal = new AbortController().signal, progress = () => {}, onRound = () => {} } = run;
  const begun = performance.now();
  const made: Round[] = [];
  const result = (): DrillResult => {
    const failed = made.filter(({ ok }) => !ok).length;
    const passed = made.length - failed;
    return { drill: drill.name, seed, rounds: made, passed, failed, seconds: secondsSince(begun) };
  };
  const end = drill.run({
    lab,
    rounds,
    random: randomFrom(seed),
    signal,
    progress,
    until: (what, holds, seconds) => until(what, holds, { seconds, signal, progress }),
    round: async (fault, work) => {
      signal.throwIfAborted();
      progress(fault);
      const round = await oneRound(made.length + 1, fault, work);
      // What an operator interrupts has not failed.
      signal.throwIfAborted();
      made.push(round);
      onRound(round);
      return round.ok;
    },
  });
  await end.catch((cause: unknown) => {
    const ended = cause instanceof Error ? cause.message : String(cause);
    throw new CutOff({ ...result(), ended }, cause);
  });
  return result();
}

const secondsSince = (begun: number): number => Math.round(performance.now() - begun) / 1000;

async function oneRound(
  round: number,
  fault: string,
  work: () => Promise<Figures | undefined>,
): Promise<Round> {
  const begun = performance.now();
  try {
    const figures = await work();
    const seconds = secondsSince(begun);
    return { round, fault, ok: true, seconds, ...(figures ? { figures } : {}) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { round, fault, ok: false, reason, seconds: secondsSince(begun) };
  }
}

import { median, round } from "../statistics";
import type { Name as Contender } from "./contenders";
import type { Running } from "./process";

/** Many short ones: a moment in which the machine is busy spoils one of them. */
const ROUNDS = 7;
/** Rounds that do not count: Node.js and V8 have translated what runs often only after some seconds. */
const WARM_UP = 3;

/** Medians over the rounds. */
export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  /** CPU seconds of the contender's own processes for 100,000 requests. */
  cpu: number;
  /** MB at the end. */
  memory: number;
  /** Requests of all rounds that were not answered well. */
  errors: number;
  /** The same of each process. */
  processes: Record<string, { cpu: number; memory: number }>;
}

export type Table = Record<string, Partial<Record<Contender, Figures>>>;

export const BURST_SECONDS = 1;

type Sample = Pick<Figures, "perSecond" | "p50" | "p99" | "errors"> & { cpus: Record<string, number> };

/**
 * One burst after the other, each contender in turn in each round, another one first each time, so that a busy moment of the
 * machine or what the one before left behind hits all alike.
 */
export async function interleaved<Name extends string>(
  contenders: Record<Name, Running>,
  measure: (running: Running) => Promise<{ requests: number; errors: number } & Partial<Sample>>,
  names: readonly Name[],
  { rounds = ROUNDS, warmUp = WARM_UP } = {},
): Promise<Partial<Record<Name, Figures>>> {
  const samples = new Map<Name, Sample[]>(names.map((name) => [name, []]));
  for (let turn = 0; turn < warmUp + rounds; turn += 1)
    for (const name of from(names, turn)) {
      const before = cpuOf(contenders[name]);
      const { requests, errors, perSecond = 0, p50 = 0, p99 = 0 } = await measure(contenders[name]);
      const cpus = Object.entries(cpuOf(contenders[name])).map(([part, after]) => [
        part,
        ((after - (before[part] ?? 0)) / requests) * 1e5,
      ]);
      if (turn < warmUp) continue;
      samples.get(name)?.push({ perSecond, p50, p99, errors, cpus: Object.fromEntries(cpus) });
    }
  return Object.fromEntries(
    [...samples].map(([name, runs]) => [name, figures(runs, contenders[name])]),
  ) as Partial<Record<Name, Figures>>;
}

/** All of them, the `turn`-th first. */
const from = <T>(all: readonly T[], turn: number): T[] => {
  const first = turn % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
};

const cpuOf = ({ parts }: Running): Record<string, number> =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.cpuSeconds()]));

function figures(runs: readonly Sample[], { parts }: Running): Figures {
  const middle = (of: (run: Sample) => number) => round(median(runs.map(of)));
  const processes = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      { cpu: middle(({ cpus }) => cpus[name] ?? 0), memory: round(part.memory()) },
    ]),
  );
  return {
    perSecond: middle((run) => run.perSecond),
    p50: middle((run) => run.p50),
    p99: middle((run) => run.p99),
    cpu: middle(({ cpus }) => Object.values(cpus).reduce((sum, each) => sum + each, 0)),
    memory: round(Object.values(processes).reduce((sum, { memory }) => sum + memory, 0)),
    errors: runs.reduce((sum, run) => sum + run.errors, 0),
    processes,
  };
}

import { median, round } from "../statistics";
import type { Name as Contender } from "./contenders";
import type { Running } from "./process";

const ROUNDS = 3;

/** Medians over the rounds. `cpu`: CPU seconds of the contender's own processes for 100,000 requests. */
export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  cpu: number;
  /** MB at the end. */
  memory: number;
  /** Requests of all rounds that were not answered well. */
  errors: number;
}

export type Table = Record<string, Partial<Record<Contender, Figures>>>;

export const BURST_SECONDS = 2;

type Sample = Omit<Figures, "memory">;

/** One burst after the other, each contender in turn in each round, so that a busy moment of the machine hits all alike. */
export async function interleaved<Name extends string>(
  contenders: Record<Name, Running>,
  measure: (running: Running) => Promise<{ requests: number; errors: number } & Partial<Sample>>,
  names: readonly Name[],
): Promise<Partial<Record<Name, Figures>>> {
  const samples = new Map<Name, Sample[]>(names.map((name) => [name, []]));
  for (let turn = 0; turn < ROUNDS; turn += 1)
    for (const name of names) {
      const before = contenders[name].cpuSeconds();
      const { requests, errors, perSecond = 0, p50 = 0, p99 = 0 } = await measure(contenders[name]);
      const cpu = ((contenders[name].cpuSeconds() - before) / requests) * 1e5;
      samples.get(name)?.push({ perSecond, p50, p99, cpu, errors });
    }
  return Object.fromEntries(
    [...samples].map(([name, runs]) => [
      name,
      {
        ...Object.fromEntries(
          (["perSecond", "p50", "p99", "cpu"] as const).map((key) => [
            key,
            round(median(runs.map((run) => run[key]))),
          ]),
        ),
        memory: round(contenders[name].memory()),
        errors: runs.reduce((sum, run) => sum + run.errors, 0),
      },
    ]),
  ) as Partial<Record<Name, Figures>>;
}

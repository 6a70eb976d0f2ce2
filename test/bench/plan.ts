import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { columns } from "../../components/core/plan/columns";
import { PROJECT } from "../../stacks/stack-file";
import { BENCH_TARGETS, type BenchTarget } from "./big-stack";
import type { BenchResult } from "./main";
import type { PlanRun } from "./plan-run";
import { medians, round } from "./statistics";

const run = promisify(execFile);

/** What 1,000 hosts may take. */
const GOAL = { hosts: 1000, seconds: 3, megabytes: 500 };
const FIGURES = [
  "seconds",
  "cpuSeconds",
  "startMegabytes",
  "peakMegabytes",
  "addedMegabytes",
  "processSeconds",
] as const;

type Figures = Record<(typeof FIGURES)[number], number>;
type Sample = PlanRun & Figures;

interface PlanBench {
  runs: number;
  goal: typeof GOAL;
  targets: ({ target: BenchTarget } & ReturnType<typeof summary>)[];
}

export interface PlanBenchOptions {
  targets?: readonly BenchTarget[];
  sizes?: readonly number[];
  runs?: number;
}

/**
 * Planning and rendering of whole stacks, each in a process of its own, the sizes in turn; beside each target the same
 * process that only loads its modules. `seconds` is the work alone, `processSeconds` the whole process.
 */
export async function benchPlan(
  progress: (line: string) => void,
  { targets = BENCH_TARGETS, sizes = [10, 100, 1000], runs = 3 }: PlanBenchOptions = {},
): Promise<BenchResult<PlanBench>> {
  const samples: { target: BenchTarget; sample: Sample }[] = [];
  for (const round of Array.from({ length: runs }, (_, index) => index + 1))
    for (const target of targets) {
      progress(`run ${round} of ${runs}: ${target}`);
      for (const hosts of [0, ...sizes]) samples.push({ target, sample: await measure(target, hosts) });
    }
  const measured = targets.map((target) => ({
    target,
    ...summary(samples.flatMap((each) => (each.target === target ? [each.sample] : []))),
  }));
  return { json: { runs, goal: GOAL, targets: measured }, text: measured.flatMap(table) };
}

async function measure(target: BenchTarget, hosts: number): Promise<Sample> {
  const program = join(PROJECT, "test", "bench", "plan-run.ts");
  const start = performance.now();
  const { stdout } = await run(process.execPath, ["--require", "tsx/cjs", program, target, String(hosts)], {
    cwd: PROJECT,
  });
  const processSeconds = (performance.now() - start) / 1000;
  const told = JSON.parse(stdout) as PlanRun;
  return { ...told, processSeconds, addedMegabytes: told.peakMegabytes - told.startMegabytes };
}

function summary(samples: readonly Sample[]) {
  const of = (hosts: number) => samples.filter((sample) => sample.hosts === hosts);
  const sizes = [...new Set(samples.map(({ hosts }) => hosts))].filter((hosts) => hosts > 0);
  const results = sizes.map((hosts) => {
    const figures: Figures = medians(of(hosts), FIGURES);
    const errors = of(hosts)[0]?.errors.length ?? 0;
    return { hosts, ...figures, millisecondsPerHost: round((figures.seconds * 1000) / hosts), errors };
  });
  const perHost = (hosts: number) => results.find((each) => each.hosts === hosts)?.millisecondsPerHost;
  const [small, large] = [perHost(100), perHost(1000)];
  return {
    empty: medians(of(0), FIGURES),
    sizes: results,
    // 1 is linear; less where what does not grow with the hosts weighs more in the small stack.
    ...(small === undefined || large === undefined ? {} : { perHost1000Over100: round(large / small) }),
  };
}

function table({
  target,
  empty,
  sizes,
  perHost1000Over100,
}: { target: string } & ReturnType<typeof summary>) {
  const row = (name: string, figures: Figures, rest: string[]) => [
    name,
    `${figures.seconds.toFixed(2)} s`,
    `${figures.cpuSeconds.toFixed(2)} s`,
    `${figures.processSeconds.toFixed(2)} s`,
    `${Math.round(figures.peakMegabytes)} MB`,
    `${Math.round(figures.addedMegabytes)} MB`,
    ...rest,
  ];
  return columns([
    [target, "plan + render", "of CPU", "whole process", "peak memory", "added by the work", "a host"],
    row("empty: loads the same", empty, [""]),
    ...sizes.map((each) =>
      row(`${each.hosts} hosts`, each, [
        `${each.millisecondsPerHost.toFixed(2)} ms`,
        each.errors === 0 ? "" : `${each.errors} names meet on one address`,
      ]),
    ),
    ...(perHost1000Over100 === undefined ? [] : [["a host, 1,000 over 100", `${perHost1000Over100} ×`]]),
  ]);
}

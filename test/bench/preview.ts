import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { columns } from "../../components/core/plan/columns";
import { machinesOf, type Plan } from "../../components/core/plan/plan";
import type { EngineSetup } from "../../lab/engine/setup";
import { preparePreview } from "../../lab/preview/engine";
import { fetchReleases } from "../../lab/releases/fetch";
import { CACHE } from "../../lab/room";
import { loadPlan } from "../../stacks/load";
import { MIRROR } from "../../stacks/stack-file";
import { type BenchTarget, bigStack } from "./big-stack";
import { differences, readDump } from "./dump";
import type { BenchResult } from "./main";
import {
  type BenchProject,
  openProject,
  type PreviewFigures,
  type Program,
  preview,
  recordedPreview,
} from "./preview-run";
import { medians, round } from "./statistics";

/** What our program may take of what the plain one takes. */
const GOAL = { hosts: 100, time: 1.25, memory: 1.25 };
const TARGET: BenchTarget = "aws";
const FIGURES = ["seconds", "programSeconds", "programCpuSeconds", "peakMegabytes"] as const;
const PROGRAMS: readonly Program[] = ["ours", "plain"];

export interface PreviewBenchOptions {
  target?: BenchTarget;
  sizes?: readonly number[];
  runs?: number;
}

/**
 * `pulumi preview` of our program, and of one that registers the same resources by the official SDK alone, on the same
 * engine and simulated cloud, in turn. Memory is the highest that the process of the program itself had (VmHWM).
 */
export async function benchPreview(
  progress: (line: string) => void,
  { target = TARGET, sizes = [10, 100], runs = 3 }: PreviewBenchOptions = {},
): Promise<BenchResult> {
  const results = [];
  for (const hosts of sizes) results.push(await benchSize(target, hosts, runs, progress));
  return { json: { target, runs, goal: GOAL, sizes: results }, text: results.flatMap(table) };
}

async function benchSize(target: BenchTarget, hosts: number, runs: number, progress: (line: string) => void) {
  const config = bigStack(target, hosts);
  const { plan, findings } = loadPlan("bench", config);
  if (!plan) throw new Error(findings.map(({ path, message }) => `${path} ${message}`).join("\n"));
  await bringArtifacts(plan, progress);
  const { setup } = await preparePreview(plan, true, progress);
  const folder = join(CACHE, "bench", `preview-${target}-${hosts}`);
  const { projects, resources } = await openProjects(folder, setup, config, progress);
  const figures: Record<Program, PreviewFigures[]> = { ours: [], plain: [] };
  for (const run of Array.from({ length: runs }, (_, index) => index + 1))
    for (const program of PROGRAMS) {
      progress(`${hosts} hosts, run ${run} of ${runs}: ${program}`);
      figures[program].push(await preview(projects[program]));
    }
  const [ours, plain] = [medians(figures.ours, FIGURES), medians(figures.plain, FIGURES)];
  const ratio = Object.fromEntries(FIGURES.map((key) => [key, round(ours[key] / plain[key])])) as Record<
    (typeof FIGURES)[number],
    number
  >;
  return { hosts, resources, ours, plain, ratio };
}

/** Both programs ready to run, after it has been seen that they register the same. */
async function openProjects(
  folder: string,
  setup: EngineSetup,
  config: Record<string, unknown>,
  progress: (line: string) => void,
): Promise<{ projects: Record<Program, BenchProject>; resources: number }> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "dump.json");
  const ours = await openProject(join(folder, "ours"), setup, "ours", { config, env: {} });
  progress("recording what our program registers");
  const dump = await readDump(await recordedPreview(ours));
  writeFileSync(file, JSON.stringify(dump));
  const env = { NODEWRIGHT_BENCH_DUMP: file };
  const plain = await openProject(join(folder, "plain"), setup, "plain", { config: {}, env });
  progress("comparing it with what the plain one does");
  const found = differences(dump, await readDump(await recordedPreview(plain)));
  if (found.length > 0)
    throw new Error(`the two programs do not register the same:\n${found.slice(0, 4).join("\n")}`);
  return { projects: { ours, plain }, resources: dump.resources.length };
}

/** The engine wants to see the files that a mirror's objects are made of. */
async function bringArtifacts(plan: Plan, progress: (line: string) => void): Promise<void> {
  const all = machinesOf(plan).flatMap(({ releases }) =>
    releases.map((release) => [release.sha256, release] as const),
  );
  await fetchReleases({ releases: [...new Map(all).values()], mirror: MIRROR, progress });
}

function table({ hosts, resources, ours, plain, ratio }: Awaited<ReturnType<typeof benchSize>>): string[] {
  const row = (name: string, figures: Record<(typeof FIGURES)[number], number>, unit: [string, string]) => [
    name,
    `${figures.seconds.toFixed(2)} ${unit[0]}`,
    `${figures.programSeconds.toFixed(2)} ${unit[0]}`,
    `${figures.programCpuSeconds.toFixed(2)} ${unit[0]}`,
    `${figures.peakMegabytes.toFixed(unit[1] === "×" ? 2 : 0)} ${unit[1]}`,
  ];
  return columns([
    [`${hosts} hosts, ${resources} resources`, "preview", "program", "of CPU", "its peak memory"],
    row("our program", ours, ["s", "MB"]),
    row("plain program", plain, ["s", "MB"]),
    row("ratio", ratio, ["×", "×"]),
  ]);
}

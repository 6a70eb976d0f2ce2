import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { EngineSetup } from "../../lab/engine/setup";
import { PROJECT } from "../../stacks/stack-file";

const PROGRAMS = { ours: "stacks/index.ts", plain: "test/bench/plain-program.ts" } as const;
export type Program = keyof typeof PROGRAMS;

/** What one preview took: the whole command, and of it the process that runs the program. */
export interface PreviewFigures {
  seconds: number;
  programSeconds: number;
  programCpuSeconds: number;
  peakMegabytes: number;
}

/** A Pulumi project with a backend of its own, for one program and one stack. */
export interface BenchProject {
  folder: string;
  setup: EngineSetup;
  env: Record<string, string>;
}

const STACK = "bench";

/** Makes a project in a folder, in place of what was there. Both programs run in projects and stacks of the same names. */
export async function openProject(
  folder: string,
  setup: EngineSetup,
  program: Program,
  { config, env }: { config: Record<string, unknown>; env: Record<string, string> },
): Promise<BenchProject> {
  rmSync(folder, { recursive: true, force: true });
  const state = join(folder, "state");
  mkdirSync(state, { recursive: true });
  const runtime = program === "ours" ? ownRuntime() : "nodejs";
  const project = { name: "nodewright", runtime, main: join(PROJECT, PROGRAMS[program]) };
  writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
  const keys = Object.entries(config).map(([key, value]) => [`nodewright:${key}`, value]);
  writeFileSync(join(folder, `Pulumi.${STACK}.yaml`), stringify({ config: Object.fromEntries(keys) }));
  writeFileSync(join(folder, "passphrase"), "nothing here is secret", { mode: 0o600 });
  const opened: BenchProject = {
    folder,
    setup,
    env: {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      NODEWRIGHT_CLOUD_WORLD: join(folder, "world"),
      NODE_OPTIONS: `--require ${JSON.stringify(join(PROJECT, "test", "bench", "peak-memory.cjs"))}`,
      ...env,
    },
  };
  await pulumi(opened, ["stack", "init", STACK], {});
  return opened;
}

/** Our program runs as its own project file says; the plain one as Pulumi runs TypeScript by itself, unchecked. */
const ownRuntime = (): unknown =>
  (parse(readFileSync(join(PROJECT, "Pulumi.yaml"), "utf8")) as { runtime: unknown }).runtime;

/** One preview. Throws with the engine's last words when it fails. */
export async function preview(project: BenchProject, more: readonly string[] = []): Promise<PreviewFigures> {
  const told = join(project.folder, "program.json");
  rmSync(told, { force: true });
  const start = performance.now();
  await pulumi(project, [...PREVIEW, ...more], { NODEWRIGHT_BENCH_PROGRAM: told });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, ...(JSON.parse(readFileSync(told, "utf8")) as Omit<PreviewFigures, "seconds">) };
}

/** One preview that is not measured, with the engine's log of calls. Answers with the log's path. */
export async function recordedPreview(project: BenchProject): Promise<string> {
  const log = join(project.folder, "calls.jsonl");
  rmSync(log, { force: true });
  await pulumi(project, PREVIEW, { PULUMI_DEBUG_GRPC: log });
  return log;
}

const PREVIEW = ["preview", "--stack", STACK, "--suppress-permalink", "--suppress-outputs"];

async function pulumi(
  { folder, setup, env }: BenchProject,
  words: string[],
  more: Record<string, string>,
): Promise<void> {
  const child = spawn(setup.pulumi, [...words, "--non-interactive"], {
    cwd: folder,
    env: { ...process.env, ...setup.env, ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => lines.push(data));
  child.stderr.on("data", (data: Buffer) => lines.push(data));
  const [status] = (await once(child, "close")) as [number | null];
  if (status !== 0)
    throw new Error(
      `pulumi ${words[0]} in ${folder} failed:\n${Buffer.concat(lines).toString().slice(-3000)}`,
    );
}

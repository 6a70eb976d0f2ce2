import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { type GoModule, type GoTool, goEnvironment } from "./go-module";
import type { EnginePlace } from "./place";
import { EngineSetupError } from "./setup-error";

const REPORT_EVERY_MS = 5_000;
const PARTIAL = "partial-";
/** Enough of the compiler's last words to see what failed. */
const ERROR_LINES = 20;

/**
 * An own build made earlier. Without Go on this machine a build by any compiler serves: it cannot be made again, and
 * it is the same engine.
 */
export function cachedBuild(
  place: EnginePlace,
  module: GoModule,
  go: GoTool | undefined,
): string | undefined {
  const keys = go
    ? [buildKey(module, go)]
    : listFolder(place.builds).filter((name) => name.startsWith(`${module.sourceKey}-`));
  return keys.map((key) => join(place.builds, key, "pulumi")).find((path) => existsSync(path));
}

/**
 * Builds the engine (about two minutes the first time, seconds with warm Go caches) and returns its path. The binary
 * appears under its final name only when complete, so a run that is killed leaves nothing that looks finished; the
 * next one removes the remains, and Go's own cache lets it go on where it stopped.
 */
export async function buildEngine(
  place: EnginePlace,
  module: GoModule,
  go: GoTool,
  environment: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<string> {
  removeAbandoned(place);
  const partial = join(place.builds, `${PARTIAL}${process.pid}`);
  mkdirSync(partial, { recursive: true });
  try {
    const unfinished = join(partial, "pulumi");
    await compile(
      module,
      go,
      unfinished,
      { ...environment, ...goEnvironment(), GOTMPDIR: partial },
      progress,
    );
    const finished = join(place.builds, buildKey(module, go), "pulumi");
    mkdirSync(dirname(finished), { recursive: true });
    renameSync(unfinished, finished);
    return finished;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function buildKey(module: GoModule, go: GoTool): string {
  return `${module.sourceKey}-go${go.version}`;
}

async function compile(
  module: GoModule,
  go: GoTool,
  output: string,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<void> {
  const started = Date.now();
  const seen = { compiled: 0, downloaded: 0 };
  const complaints: string[] = [];
  const child = spawn(go.go, ["build", "-v", "-o", output, ...module.buildArguments], {
    cwd: module.folder,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // "go build -v" prints one bare package path a package; whatever has a space in it is a message.
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (line.startsWith("go: downloading ")) seen.downloaded += 1;
    else if (/^\S+$/.test(line)) seen.compiled += 1;
    else complaints.push(line);
  });
  const report = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    progress(
      `building: ${seen.downloaded} modules downloaded, ${seen.compiled} packages compiled, ${seconds} s`,
    );
  };
  const timer = setInterval(report, REPORT_EVERY_MS);
  try {
    const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? signal));
    });
    if (status !== 0) throw buildError(status, complaints);
    report();
  } finally {
    clearInterval(timer);
  }
}

function buildError(status: number | string | null, complaints: readonly string[]): EngineSetupError {
  return new EngineSetupError(
    `Building the Pulumi engine ended with ${status}:\n${complaints.slice(-ERROR_LINES).join("\n")}\n` +
      "Run it again once that is solved (it goes on where it stopped), or install pulumi and it is not needed.",
  );
}

function removeAbandoned(place: EnginePlace): void {
  for (const name of listFolder(place.builds).filter((entry) => entry.startsWith(PARTIAL))) {
    if (isRunning(Number(name.slice(PARTIAL.length)))) continue;
    rmSync(join(place.builds, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function listFolder(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

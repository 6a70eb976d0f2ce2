import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { removeExecutable, typescriptArguments, writeNodeExecutable } from "./executable";
import { type EnginePlace, enginePlace, findExecutable, userPath } from "./place";
import type { Engine, EngineOptions } from "./prepare";

const run = promisify(execFile);

/** Provider packages of this project that have an offline plugin of our own at `lab/plugins/<name>/main.ts`. */
const PLUGINS = ["docker", "command"] as const;
const OFFLINE_PLUGINS = resolve(__dirname, "..", "plugins");
/** Long enough to download on a common line; without a way out the engine would retry for minutes. */
const DOWNLOAD_TIME_LIMIT_MS = 20_000;

type PluginName = (typeof PLUGINS)[number];

export interface PluginChoice {
  readonly name: PluginName;
  /** Version of the installed npm SDK, without "v": plugin and SDK must be the same. */
  readonly version: string;
  /** The provider's own plugin, or this project's offline one. */
  readonly origin: "official" | "offline";
}

export interface PluginSet {
  readonly plugins: readonly PluginChoice[];
  /** To be merged over the engine's `env`. */
  readonly env: Record<string, string>;
}

const sdkManifest = z.object({
  version: z.string(),
  pulumi: z.object({ version: z.string() }).partial().optional(),
});
const installedPlugins = z.array(
  z.object({ name: z.string(), kind: z.string(), version: z.string().optional() }),
);

/**
 * Chooses a resource plugin for each provider package: the official one where it is installed, on PATH, or can be
 * downloaded (tried once for a version; NODEWRIGHT_OFFLINE=1 does not try), else the offline one.
 */
export async function preparePlugins(engine: Engine, options: EngineOptions): Promise<PluginSet> {
  const { root, progress, environment = process.env } = options;
  const place = enginePlace(root);
  const folders = userPath(place, environment);
  const env = { ...environment, ...engine.env };
  const installed = await listInstalled(engine, env);
  const choose = async (name: PluginName): Promise<PluginChoice> => {
    const version = sdkVersion(name);
    const isOfficial =
      installed.has(`${name}@${version}`) ||
      findExecutable(executableName(name), folders) !== undefined ||
      (environment.NODEWRIGHT_OFFLINE !== "1" &&
        (await download(engine, place, name, version, env, progress)));
    placeOfflinePlugin(place, name, isOfficial);
    return { name, version, origin: isOfficial ? "official" : "offline" };
  };
  const plugins = await Promise.all(PLUGINS.map(choose));
  return { plugins, env: plugins.some(isOffline) ? offlineEnvironment(engine, place) : {} };
}

function isOffline(plugin: PluginChoice): boolean {
  return plugin.origin === "offline";
}

/** One plugin that cannot be had means that no other can: the engine need not try for minutes. */
function offlineEnvironment(engine: Engine, place: EnginePlace): Record<string, string> {
  const path = (engine.env.PATH ?? "").split(delimiter).filter((folder) => folder !== place.bin);
  return { PATH: [place.bin, ...path].join(delimiter), PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
}

function placeOfflinePlugin(place: EnginePlace, name: PluginName, isOfficial: boolean): void {
  const path = join(place.bin, executableName(name));
  if (isOfficial) removeExecutable(path);
  else writeNodeExecutable(path, typescriptArguments(join(OFFLINE_PLUGINS, name, "main.ts")));
}

function executableName(name: PluginName): string {
  return `pulumi-resource-${name}`;
}

function sdkVersion(name: PluginName): string {
  const manifest = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
  const { version, pulumi } = sdkManifest.parse(JSON.parse(manifest));
  return (pulumi?.version ?? version).replace(/^v/, "");
}

async function listInstalled(engine: Engine, env: NodeJS.ProcessEnv): Promise<Set<string>> {
  const { stdout } = await run(engine.pulumi, ["plugin", "ls", "--json"], { env });
  const resources = installedPlugins.parse(JSON.parse(stdout)).filter((plugin) => plugin.kind === "resource");
  return new Set(resources.map((plugin) => `${plugin.name}@${plugin.version ?? ""}`));
}

async function download(
  engine: Engine,
  place: EnginePlace,
  name: PluginName,
  version: string,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<boolean> {
  const memory = join(place.failedDownloads, `${name}-${version}`);
  if (existsSync(memory)) return false;
  progress(`downloading the ${name} plugin ${version}`);
  try {
    const install = ["plugin", "install", "resource", name, version];
    await run(engine.pulumi, install, { env, timeout: DOWNLOAD_TIME_LIMIT_MS, killSignal: "SIGKILL" });
    return true;
  } catch (error) {
    mkdirSync(place.failedDownloads, { recursive: true });
    writeFileSync(memory, error instanceof Error ? error.message : String(error));
    progress(
      `the ${name} plugin cannot be downloaded, our offline one is used (delete ${memory} to try again)`,
    );
    return false;
  }
}

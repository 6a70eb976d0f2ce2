import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { removeExecutable, typescriptArguments, writeNodeExecutable } from "./executable";
import { type EnginePlace, enginePlace, findExecutable, userPath } from "./place";
import type { Engine, EngineOptions } from "./prepare";
import { EngineSetupError } from "./setup-error";

const run = promisify(execFile);

/** Packages whose offline plugin does the real work. */
const WORKING = ["docker", "command"] as const;
/** Packages whose offline plugin only simulates: nothing that it says happens anywhere. */
export const CLOUDS = ["aws", "gcp", "digitalocean"] as const;
const OFFLINE_PLUGINS = resolve(__dirname, "..", "plugins");
/** Long enough to download on a common line; without a way out the engine would retry for minutes. */
const DOWNLOAD_TIME_LIMIT_MS = 20_000;

export type CloudName = (typeof CLOUDS)[number];
/** Provider packages that have an offline plugin of our own at `lab/plugins/<name>/main.ts`. */
export type PluginName = (typeof WORKING)[number] | CloudName;

/**
 * When a cloud is simulated: always (true; the official plugin is not even looked for), where the official one cannot
 * be had, or never (false).
 */
export type Simulation = boolean | "where missing";

/** Which packages to prepare, and how. */
export interface PluginWishes {
  /** Default: those of the lab, docker and command. */
  readonly names?: readonly PluginName[];
  /** Default: false. */
  readonly simulated?: Simulation;
}

export interface PluginChoice {
  readonly name: PluginName;
  /** Version of the installed npm SDK, without "v": plugin and SDK must be the same. */
  readonly version: string;
  /** The provider's own plugin, this project's offline one, or (a cloud's offline one) a mere simulation. */
  readonly origin: "official" | "offline" | "simulated";
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
 * downloaded (tried once for a version; NODEWRIGHT_OFFLINE=1 does not try), else the offline one. A cloud's offline one
 * only simulates, and is taken where `simulated` asks for it, never in place of an official one that merely is missing.
 * @throws EngineSetupError when the official plugin of a cloud cannot be had and no simulation was asked for.
 */
export async function preparePlugins(
  engine: Engine,
  options: EngineOptions,
  { names = WORKING, simulated = false }: PluginWishes = {},
): Promise<PluginSet> {
  const { root, progress, environment = process.env } = options;
  const place = enginePlace(root);
  const folders = userPath(place, environment);
  const env = { ...environment, ...engine.env };
  const installed = await listInstalled(engine, env);
  const choose = async (name: PluginName): Promise<PluginChoice> => {
    const version = sdkVersion(name);
    if (simulated === true && isCloud(name)) return simulate(place, name, version);
    const isOfficial =
      installed.has(`${name}@${version}`) ||
      findExecutable(executableName(name), folders) !== undefined ||
      (environment.NODEWRIGHT_OFFLINE !== "1" &&
        (await download(engine, place, name, version, env, progress)));
    if (isCloud(name)) {
      if (isOfficial) return { name, version, origin: "official" };
      if (simulated === "where missing") return simulate(place, name, version);
      throw missingCloud(name, version);
    }
    placeOfflinePlugin(place, name, isOfficial);
    return { name, version, origin: isOfficial ? "official" : "offline" };
  };
  const plugins = await Promise.all(names.map(choose));
  return { plugins, env: environmentOf(plugins, engine, place) };
}

function isCloud(name: PluginName): name is CloudName {
  return CLOUDS.some((cloud) => cloud === name);
}

/** A folder of their own: a run that does not ask for a simulation never has them on its PATH. */
function simulationFolder(place: EnginePlace): string {
  return join(place.root, "simulated");
}

/** Its hosts are not there to log in to: beside it, remote commands are simulated, too. */
function simulate(place: EnginePlace, name: CloudName, version: string): PluginChoice {
  const plugins = { [name]: name, command: "simulated-command" };
  for (const [served, folder] of Object.entries(plugins)) {
    const path = join(simulationFolder(place), executableName(served));
    writeNodeExecutable(path, typescriptArguments(join(OFFLINE_PLUGINS, folder, "main.ts")));
  }
  return { name, version, origin: "simulated" };
}

function missingCloud(name: CloudName, version: string): EngineSetupError {
  return new EngineSetupError(
    `The ${name} plugin ${version} cannot be had: run \`pulumi plugin install resource ${name} ${version}\`, ` +
      "or ask for the simulated cloud, which creates nothing.",
  );
}

/** One plugin that cannot be had means that no other can: the engine need not try for minutes. */
function environmentOf(
  plugins: readonly PluginChoice[],
  engine: Engine,
  place: EnginePlace,
): Record<string, string> {
  const origins = new Set(plugins.map((plugin) => plugin.origin));
  const ours = [
    ...(origins.has("simulated") ? [simulationFolder(place)] : []),
    ...(origins.has("offline") ? [place.bin] : []),
  ];
  if (ours.length === 0) return {};
  const path = (engine.env.PATH ?? "").split(delimiter).filter((folder) => !ours.includes(folder));
  return { PATH: [...ours, ...path].join(delimiter), PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
}

function placeOfflinePlugin(place: EnginePlace, name: PluginName, isOfficial: boolean): void {
  const path = join(place.bin, executableName(name));
  if (isOfficial) removeExecutable(path);
  else writeNodeExecutable(path, typescriptArguments(join(OFFLINE_PLUGINS, name, "main.ts")));
}

function executableName(name: string): string {
  return `pulumi-resource-${name}`;
}

/** Version of the installed npm SDK of a package, without "v": its plugin must be the same. */
export function sdkVersion(name: PluginName): string {
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

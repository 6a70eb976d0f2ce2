import { delimiter, dirname } from "node:path";
import { buildEngine, cachedBuild } from "./build";
import { findGo, type GoModule, readGoModule } from "./go-module";
import { findOfficialEngine, type OfficialEngine, shipsWith } from "./official";
import { type EnginePlace, enginePlace, userPath } from "./place";
import { EngineSetupError } from "./setup-error";
import { placeStandIns } from "./stand-ins";

/** A Pulumi engine that can run this project's programs on this machine. */
export interface Engine {
  /** Absolute path of the `pulumi` executable. */
  pulumi: string;
  /** "3.200.0" */
  version: string;
  /** From the user's PATH, from an own build made earlier, or built just now. */
  origin: "path" | "cache" | "built";
  /** What every run adds to its environment; PATH is complete. Backend and passphrase are the caller's. */
  env: Record<string, string>;
}

export interface EngineOptions {
  /** The project folder; whatever is cached goes below its `.nodewright/engine/`. */
  root: string;
  /** Receives a line whenever there is something to say, at least every few seconds of a long step. */
  progress: (line: string) => void;
  /** Where PATH and the like come from. Default: this process's environment. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * Finds or makes an engine: an official `pulumi` on PATH, else an own build from the pinned Go module (about two
 * minutes once, then cached). Whatever an official installation would ship beside it is stood in for.
 * @throws EngineSetupError when there is neither a recent pulumi nor a Go compiler, or the build fails
 */
export async function prepareEngine(options: EngineOptions): Promise<Engine> {
  const { root, progress, environment = process.env } = options;
  const place = enginePlace(root);
  const folders = userPath(place, environment);
  const module = readGoModule();
  const official = await findOfficialEngine(folders, module.engineVersion, environment, progress);
  if (official) return officialEngine(official, place, folders, environment);

  const { pulumi, origin } = await ownBuild(place, module, folders, environment, progress);
  // The engine looks for its companions beside itself; the same files on PATH are taken without a warning.
  placeStandIns(dirname(pulumi), () => false);
  const env = { ...commonEnvironment(environment), PATH: [dirname(pulumi), ...folders].join(delimiter) };
  return { pulumi, version: module.engineVersion, origin, env: { ...env, PULUMI_HOME: place.home } };
}

function officialEngine(
  official: OfficialEngine,
  place: EnginePlace,
  folders: readonly string[],
  environment: NodeJS.ProcessEnv,
): Engine {
  const written = placeStandIns(place.bin, shipsWith(official.pulumi, folders));
  const path = written.length > 0 ? [place.bin, ...folders] : folders;
  const env = { ...commonEnvironment(environment), PATH: path.join(delimiter) };
  return { ...official, origin: "path", env };
}

async function ownBuild(
  place: EnginePlace,
  module: GoModule,
  folders: readonly string[],
  environment: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<{ pulumi: string; origin: "cache" | "built" }> {
  const { tool, unusable } = await findGo(module, folders, environment);
  const cached = cachedBuild(place, module, tool);
  if (cached) return { pulumi: cached, origin: "cache" };
  if (!tool) {
    throw new EngineSetupError(
      `No Pulumi engine: install pulumi ${module.engineVersion} or newer (https://www.pulumi.com/docs/install/), ` +
        `or Go ${module.goVersion} or newer (https://go.dev/doc/install) to let it be built here. ` +
        `Either must be on PATH${unusable ? ` (${unusable})` : ""}.`,
    );
  }
  progress(
    `building the Pulumi engine ${module.engineVersion} with Go ${tool.version}: once, about two minutes`,
  );
  return { pulumi: await buildEngine(place, module, tool, environment, progress), origin: "built" };
}

function commonEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A missing plugin then fails at once instead of retrying a download that cannot succeed.
    ...(environment.NODEWRIGHT_OFFLINE === "1"
      ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }
      : {}),
  };
}

import { PROJECT } from "../../stacks/stack-file";
import { type CloudName, preparePlugins, type Simulation } from "./plugins";
import { prepareEngine } from "./prepare";

/** A way to run the engine: the CLI and what its environment needs. */
export interface EngineSetup {
  pulumi: string;
  env: Record<string, string>;
  /** Which engine and plugins these are, for people. */
  summary: string;
  /** Whether a cloud of it only simulates. */
  simulated: boolean;
}

/** The clouds of a run that is not the lab's. */
export interface CloudWishes {
  readonly clouds: readonly CloudName[];
  /** A simulated cloud needs NODEWRIGHT_CLOUD_WORLD, a folder, in the run's environment, and touches nothing else. */
  readonly simulate: Simulation;
}

/**
 * The engine with the plugins that a run needs, each the first that can be had: those of the lab, and with `wishes`
 * also those of clouds.
 */
export async function prepareSetup(
  progress: (line: string) => void,
  wishes: CloudWishes = { clouds: [], simulate: false },
): Promise<EngineSetup> {
  const engine = await prepareEngine({ root: PROJECT, progress });
  const { plugins, env } = await preparePlugins(
    engine,
    { root: PROJECT, progress },
    { names: ["docker", "command", ...wishes.clouds], simulated: wishes.simulate },
  );
  const served = plugins.map(({ name, origin }) => `${name} ${origin}`).join(", ");
  return {
    pulumi: engine.pulumi,
    env: { ...engine.env, ...env },
    summary: `pulumi ${engine.version} (${engine.origin}), plugins ${served}`,
    simulated: plugins.some(({ origin }) => origin === "simulated"),
  };
}

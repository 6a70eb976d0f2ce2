import { PROJECT } from "../../stacks/stack-file";
import { preparePlugins } from "./plugins";
import { prepareEngine } from "./prepare";

/** A way to run the engine: the CLI and what its environment needs. */
export interface EngineSetup {
  pulumi: string;
  env: Record<string, string>;
  /** Which engine and plugins these are, for people. */
  summary: string;
}

/** The engine with the plugins that the lab's stacks need, each the first that can be had. */
export async function prepareSetup(progress: (line: string) => void): Promise<EngineSetup> {
  const engine = await prepareEngine({ root: PROJECT, progress });
  const { plugins, env } = await preparePlugins(engine, { root: PROJECT, progress });
  const served = plugins.map(({ name, origin }) => `${name} ${origin}`).join(", ");
  return {
    pulumi: engine.pulumi,
    env: { ...engine.env, ...env },
    summary: `pulumi ${engine.version} (${engine.origin}), plugins ${served}`,
  };
}

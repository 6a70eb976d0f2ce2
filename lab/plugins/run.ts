import { type ProviderSpec, serveProvider } from "./provider";

const ORPHAN_CHECK_MS = 2000;

/** Runs a plugin as the engine starts it: prints the port, and ends when the engine is gone. */
export async function runPlugin<Config>(spec: ProviderSpec<Config>): Promise<void> {
  const { port } = await serveProvider(spec, process.argv.at(-1));
  process.stdout.write(`${port}\n`);
  // An engine that is killed sends no Cancel; without this its plugins would stay for ever.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(1);
  }, ORPHAN_CHECK_MS).unref();
}

import { readFileSync } from "node:fs";
import { z } from "zod";
import { type EdgeSettings, edgeSettings } from "./settings";
import { startEdge } from "./start";

/** `nodewright-edge FILE`: the settings lie in the file that the plan wrote. */
async function main([file]: string[]): Promise<void> {
  if (file === undefined) throw new Error("usage: nodewright-edge FILE, the settings as JSON");
  const edge = await startEdge(readSettings(file));
  console.log(`listening on 127.0.0.1:${edge.port}, agent check on ${edge.agentPort}`);
  const stop = () => void edge.stop().then(() => process.exit(0));
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, stop);
  process.on("SIGHUP", () => {
    try {
      // systemd starts it anew where it has to listen elsewhere.
      if (edge.apply(readSettings(file))) console.log("new settings hold");
      else stop();
    } catch (error) {
      console.error(`the settings stay as they were: ${String(error)}`);
    }
  });
}

function readSettings(file: string): EdgeSettings {
  const parsed = edgeSettings.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});

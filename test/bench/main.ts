import { Command } from "commander";
import { benchBootstrap } from "./bootstrap";
import { benchEdge } from "./edge";
import { benchHosts } from "./hosts";
import { benchLab } from "./lab";
import { benchPlan } from "./plan";
import { benchPolicies } from "./policies";
import { benchPreview } from "./preview";

/** Benchmarks by name: each runs what it measures and its alternative in one run, and gives the ratio. */
const BENCHES: Record<
  string,
  (progress: (line: string) => void, options: { only?: string }) => Promise<BenchResult>
> = {
  bootstrap: benchBootstrap,
  hosts: benchHosts,
  edge: benchEdge,
  lab: benchLab,
  plan: (progress) => benchPlan(progress),
  policies: benchPolicies,
  preview: (progress) => benchPreview(progress),
};

export interface BenchResult<Json = unknown> {
  /** For programs. */
  json: Json;
  /** For people. */
  text: string[];
}

new Command("npm run bench --")
  .description(
    `Measures, side by side with an alternative in the same run. Benchmarks: ${Object.keys(BENCHES).join(", ")}`,
  )
  .argument("<name>", "which one")
  .option("--json", "print as JSON")
  .option("--only <case>", "cases whose names hold this (edge)")
  .action(async (name: string, { json, ...options }: { json?: boolean; only?: string }) => {
    const bench = BENCHES[name];
    if (!bench) throw new Error(`no benchmark "${name}". Benchmarks: ${Object.keys(BENCHES).join(", ")}`);
    const result = await bench((line) => void process.stderr.write(`  ${line}\n`), options);
    process.stdout.write(json ? `${JSON.stringify(result.json, null, 2)}\n` : `${result.text.join("\n")}\n`);
  })
  .parseAsync()
  .then(
    // The Docker client keeps idle connections for minutes; what was measured has been printed.
    () => process.exit(0),
    (cause: unknown) => {
      process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
      process.exit(1);
    },
  );

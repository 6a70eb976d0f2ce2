import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "../stacks/stack-file";

/** The static checks: what must hold of the source itself. Each has one command, run in this order. */
const CHECKS: [name: string, words: string[]][] = [
  ["types", ["tsc", "--noEmit", "--project", "."]],
  ["format and lint", ["biome", "check", "--error-on-warnings", "."]],
  [
    "laws of the architecture",
    [
      "depcruise",
      "--config",
      ".dependency-cruiser.cjs",
      "library",
      "stacks",
      "components",
      "cloud-init",
      "agent",
      "edge",
      "tls",
      "policies",
      "lab",
      "test",
    ],
  ],
  ["dead code", ["knip", "--no-progress"]],
  ["schema of stack files is fresh", ["tsx", "stacks/schema.ts", "--check"]],
  ["types of the package are recorded", ["tsx", "library/api.ts", "--check"]],
];

let failed = 0;
for (const [name, [program = "", ...words]] of CHECKS) {
  const start = performance.now();
  const run = spawnSync(join(PROJECT, "node_modules/.bin", program), words, {
    cwd: PROJECT,
    encoding: "utf8",
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (run.status === 0) {
    process.stdout.write(`  ✓ ${name} (${seconds} s)\n`);
    continue;
  }
  failed++;
  process.stdout.write(
    `  ✗ ${name} (${seconds} s): ${program} ${words.join(" ")}\n${run.stdout}${run.stderr}\n`,
  );
}
process.stdout.write(
  failed === 0 ? `all ${CHECKS.length} checks hold\n` : `${failed} of ${CHECKS.length} checks fail\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

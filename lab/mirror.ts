import { relative, resolve } from "node:path";
import { Command } from "commander";
import { documentFor } from "../cloud-init/document-for";
import { machinesOf } from "../components/core/plan/plan";
import { planOf } from "../stacks/load";
import { MIRROR, PROJECT } from "../stacks/stack-file";
import { told } from "../stacks/told";
import { type Filled, fillMirror, releasesOf } from "./releases/fill";

interface Flags {
  to: string;
  check?: true;
  prune?: true;
  json?: true;
}

/** `npm run mirror -- STACK…`: what the hosts of stacks install, verified, for `pulumi up` to put where they reach it. */
async function mirror(stacks: string[], { to, json, ...flags }: Flags): Promise<void> {
  const plans = stacks.map((stack) => planOf(stack).plan);
  const hosts = plans.flatMap((plan) => machinesOf(plan));
  const filled = await fillMirror({
    ...flags,
    releases: releasesOf(hosts),
    mirror: resolve(PROJECT, to),
    progress: (line) => void process.stderr.write(`  ${line}\n`),
  });
  const packages = [
    ...new Set(plans.flatMap((plan) => machinesOf(plan).flatMap((host) => documentFor(plan, host).packages))),
  ].sort();
  process.stdout.write(json ? `${JSON.stringify({ ...filled, packages })}\n` : text(filled, packages));
  if (filled.artifacts.some(({ state }) => state === "missing" || state === "damaged")) process.exitCode = 1;
}

function text({ mirror, artifacts, pruned }: Filled, packages: readonly string[]): string {
  const width = Math.max(...artifacts.map(({ name, version }) => name.length + version.length + 1));
  const count = (...states: string[]) => artifacts.filter(({ state }) => states.includes(state)).length;
  const megabytes = artifacts.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const bad = count("missing", "damaged");
  return [
    ...artifacts.map(
      ({ name, version, sha256, state, bytes }) =>
        `  ${state.padEnd(8)} ${`${name} ${version}`.padEnd(width)}  ${sha256}  ${(bytes / 1e6).toFixed(1)} MB`,
    ),
    ...pruned.map((name) => `  removed  ${name}`),
    `${artifacts.length} artifacts, ${megabytes.toFixed(0)} MB, in ${relative(process.cwd(), mirror) || mirror}: ${count("there")} there and whole, ${count("fetched")} fetched, ${bad} missing or damaged`,
    ...(bad > 0 ? ["run it again without --check to fetch what is missing"] : []),
    `Not in it: packages of the operating system (${packages.join(", ")}). Hosts take them from their distribution, signed by it,`,
    "or from a mirror of it that packageMirror names (docs/mirror.md).",
    "",
  ].join("\n");
}

new Command("npm run mirror --")
  .description(
    "Fetches and verifies what the hosts of stacks install. Run it before `pulumi up` on a cloud; run again, it fetches only what is missing, and goes on where a download broke off.",
  )
  .argument("<stacks...>", "names of stacks (stacks/config/Pulumi.<stack>.yaml), or paths of stack files")
  .option("--to <folder>", "the mirror's folder, relative to the project", relative(PROJECT, MIRROR))
  .option("--check", "only verify what is there by its hash; exit code 1 if anything is missing or damaged")
  .option("--prune", "remove artifacts that none of these stacks names")
  .option("--json", "print one JSON object")
  .action(mirror)
  .parseAsync()
  .catch(told);

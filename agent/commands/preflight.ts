import type { Command } from "commander";
import { currentBundle } from "../bundle";
import { preflight } from "../preflight";
import { preflightText } from "../report-text";
import { HostError } from "../system";
import { say, sayJson, system } from "./terminal";

/** The command that looks at the host as a run does before its first change. */
export function addPreflightCommand(program: Command): void {
  program
    .command("preflight")
    .description(
      "Look at the host as provision does before its first change: hardware, ports, clock, system, mirror, peers. Exit code 1 if it would be refused.",
    )
    .option("--json", "print one JSON value")
    .action(async ({ json }: { json?: true }) => {
      const bundle = await currentBundle(system);
      if (!bundle) throw new HostError("this host has no bundle yet: provision it first");
      const found = await preflight(system, bundle, { measures: true });
      if (!found) throw new HostError("the host's document asks for no preflight: send it a newer one");
      if (json) sayJson(found);
      else say(preflightText(found));
      if (found.verdict === "refused") process.exitCode = 1;
    });
}

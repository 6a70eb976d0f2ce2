import type { Command } from "commander";
import { type LocalSnapshot, localSnapshots } from "../snapshots/local";
import { say, sayJson, system } from "./terminal";

/** What concerns nodeos' snapshots on this host. */
export function addSnapshotCommands(program: Command): void {
  const snapshots = program.command("snapshots").description("Snapshots of nodeos on this host.");
  snapshots
    .command("list", { isDefault: true })
    .description("List them, newest block first, each with why nodeos cannot be started from it. Reads all.")
    .option("--json", "print one JSON value")
    .action(async ({ json }: { json?: true }) => {
      const found = await localSnapshots(system);
      if (json) return sayJson(found);
      if (found.length === 0) say("no snapshot");
      for (const each of found) say(snapshotText(each));
    });
}

function snapshotText({ path, facts, faults }: LocalSnapshot): string {
  const about = facts ? `block ${facts.block}, ${facts.time.toISOString()}` : "unreadable";
  return `${path}  ${about}  ${faults.length === 0 ? "good" : faults.join("; ")}`;
}

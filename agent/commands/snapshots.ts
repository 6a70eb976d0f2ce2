import type { Command } from "commander";
import { fetchSnapshot, isFresh } from "../snapshots/fetch";
import { type LocalSnapshot, localSnapshots } from "../snapshots/local";
import { snapshotSettings } from "../snapshots/settings";
import { snapshotSecrets, takeSnapshot } from "../snapshots/take";
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
  snapshots
    .command("take")
    .description(
      "Let nodeos write one, prove it whole, publish it where the plan says so, and let old ones go. As the timer does.",
    )
    .option("--json", "print one JSON value")
    .action(async ({ json }: { json?: true }) => {
      const secrets = await snapshotSecrets(system, process.env.CREDENTIALS_DIRECTORY);
      const taken = await takeSnapshot(system, await snapshotSettings(system), secrets);
      if (json) return sayJson(taken);
      const { path, record, isPublished } = taken;
      say(`${path}: block ${record.block}, ${record.bytes} bytes${isPublished ? ", published" : ""}`);
    });
  snapshots
    .command("fetch")
    .description(
      "Get the one that the plan lets this host start from, verified by hash, signature, chain and age. nodeos takes it at its next start without a state.",
    )
    .option("--newest", "the newest that suits the host, which is the default")
    .option("--if-fresh", "only where there is neither a state, a block log nor a snapshot")
    .action(async ({ ifFresh }: { ifFresh?: true }) => {
      const settings = await snapshotSettings(system);
      if (ifFresh && (!settings.from || !(await isFresh(system)))) return;
      const { path, block, time } = await fetchSnapshot(system, settings, say);
      say(`${path}: block ${block} of ${time.toISOString()}`);
    });
}

function snapshotText({ path, facts, faults }: LocalSnapshot): string {
  const about = facts ? `block ${facts.block}, ${facts.time.toISOString()}` : "unreadable";
  return `${path}  ${about}  ${faults.length === 0 ? "good" : faults.join("; ")}`;
}

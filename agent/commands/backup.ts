import type { Command } from "commander";
import { drillBackup } from "../backup/drill";
import { openRestic } from "../backup/restic";
import { restoreBackup } from "../backup/restore";
import { runBackup } from "../backup/run";
import { backupSettings } from "../backup/settings";
import { lockedAt } from "../lock";
import { say, sayJson, system } from "./terminal";

interface Flags {
  json?: true;
}

/** What concerns backups of this host. */
export function addBackupCommands(program: Command): void {
  const backup = program.command("backup").description("Backups of this host's chain data.");
  const verb = (name: string, description: string) =>
    backup.command(name).description(description).option("--json", "print one JSON value at the end");
  verb(
    "run",
    "Make one now, and let go of what the rule does not keep. nodeos and the EVM node stop meanwhile.",
  ).action(({ json }: Flags) =>
    one("backup run", json, async (settings) => {
      const done = await runBackup(system, settings);
      const { id, block, bytes, addedBytes, seconds } = done;
      return [
        done,
        `backup ${id}: block ${block}, ${bytes} bytes, ${addedBytes} of them new, ${seconds.toFixed(1)} s`,
      ];
    }),
  );
  verb("list", "List them, newest first.").action(async ({ json }: Flags) => {
    const found = await (await openRestic(system, await backupSettings(system))).backups();
    if (json) return sayJson(found);
    for (const { short_id, time, tags } of found) say(`${short_id}  ${time}  ${(tags ?? []).join(" ")}`);
  });
  verb("check", "Read every byte of the repository and prove it against its hashes.").action(
    ({ json }: Flags) =>
      one("backup check", json, async (settings) => {
        const out = await (await openRestic(system, settings)).run("check", "--read-data");
        return [{ result: "ok" }, out.trim().split("\n").at(-1) ?? ""];
      }),
  );
  verb(
    "restore [id]",
    "Put a backup, the newest without an id, in place of what is there, which is moved aside; start everything.",
  ).action((id: string | undefined, { json }: Flags) =>
    one("backup restore", json, async (settings) => {
      const done = await restoreBackup(system, settings, id, json ? () => {} : say);
      const aside = done.replaced ? `; what was there is in ${done.replaced}` : "";
      return [done, `restored ${done.id} of ${done.time}: nodeos starts from block ${done.block}${aside}`];
    }),
  );
  verb(
    "drill",
    "Restore the last backup beside the running node, let it catch up, and compare their states.",
  ).action(({ json }: Flags) =>
    one("backup drill", json, async (settings) => {
      const done = await drillBackup(system, settings, json ? () => {} : say);
      return [
        done,
        `backup ${done.id} restores: same state as the running node at block ${done.block}, ${done.seconds.toFixed(1)} s`,
      ];
    }),
  );
}

type Settings = Awaited<ReturnType<typeof backupSettings>>;

async function one(
  purpose: string,
  json: true | undefined,
  work: (settings: Settings) => Promise<[value: unknown, text: string]>,
): Promise<void> {
  const settings = await backupSettings(system);
  const at = { path: `${settings.cache}/lock`, mode: 0o600, waitSeconds: 3600 };
  const [value, text] = await lockedAt(system, at, purpose, () => work(settings));
  if (json) sayJson(value);
  else say(text);
}

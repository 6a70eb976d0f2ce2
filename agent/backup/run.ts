import { z } from "zod";
import { NODEOS_DATA } from "../../components/core/services/nodeos-files";
import { audit } from "../audit";
import { ensureFolder, inspect } from "../disk";
import { BLOCK_LOG } from "../snapshots/layout";
import { blockLog } from "../snapshots/logs";
import { nodeosApi } from "../snapshots/nodeos-api";
import { recordPath } from "../snapshots/record";
import { snapshotSettings } from "../snapshots/settings";
import { takeSnapshot } from "../snapshots/take";
import { reasonOf } from "../steps/step";
import type { System } from "../system";
import { openRestic } from "./restic";
import type { BackupSettings } from "./settings";
import { noteBackup } from "./state";
import { withoutUnits } from "./units";

export interface BackupDone {
  id: string;
  /** Block of the snapshot in it; the block log goes on from there. */
  block: number;
  bytes: number;
  addedBytes: number;
  seconds: number;
}

/** How long the block log may take to reach the snapshot's block. */
const LOG_SECONDS = 600;

const summarySchema = z.object({
  message_type: z.literal("summary"),
  snapshot_id: z.string(),
  data_added: z.number(),
  total_bytes_processed: z.number(),
});

/**
 * Backs this host up: a snapshot, then with nodeos and the EVM node stopped the block log, the state history and the EVM
 * node's data, so that all is of one moment. Then lets go of what the rule does not keep. Throws HostError.
 */
export async function runBackup(system: System, settings: BackupSettings): Promise<BackupDone> {
  const begun = system.now();
  try {
    const restic = await openRestic(system, settings);
    await ensureFolder(system, settings.cache);
    await restic.init();
    // The backup itself publishes nothing: that is the snapshot timer's work.
    const { publish: _, ...plain } = await snapshotSettings(system);
    const { path, record } = await takeSnapshot(system, plain, {});
    await logReaches(system, settings, record.block);
    const paths = await pathsOf(system, settings, path);
    const out = await withoutUnits(system, settings.units, () =>
      restic.run(
        "backup",
        "--json",
        ...["--host", settings.host, "--tag", `block=${record.block}`],
        ...["--exclude", system.path(`${NODEOS_DATA}/blocks/reversible`)],
        ...paths.map((each) => system.path(each)),
      ),
    );
    const { keep } = settings;
    await restic.run(
      "forget",
      ...["--prune", "--host", settings.host, "--group-by", "host"],
      ...Object.entries(keep).flatMap(([name, count]) =>
        count > 0 ? [`--keep-${name}`, String(count)] : [],
      ),
    );
    const summary = summarySchema.parse(JSON.parse(out.trim().split("\n").at(-1) ?? "{}"));
    const done: BackupDone = {
      id: summary.snapshot_id.slice(0, 8),
      block: record.block,
      bytes: summary.total_bytes_processed,
      addedBytes: summary.data_added,
      seconds: (system.now().getTime() - begun.getTime()) / 1000,
    };
    await noteBackup(system, { last: { time: system.now().toISOString(), ...done } });
    await audit(system, {
      action: "backup",
      what: `${done.id}, block ${done.block}`,
      result: "ok",
      seconds: done.seconds,
    });
    return done;
  } catch (error) {
    await noteBackup(system, {
      failure: { time: system.now().toISOString(), reason: reasonOf(error) },
    }).catch(() => {});
    await audit(system, { action: "backup", what: reasonOf(error), result: "failed" }).catch(() => {});
    throw error;
  }
}

/** nodeos needs a log that goes past the snapshot's block, or it does not start from the two. */
async function logReaches(system: System, urls: BackupSettings, block: number): Promise<void> {
  const isThere = async () => {
    const { last_irreversible_block_num: lib } = await nodeosApi(urls).info();
    const log = await blockLog(system, BLOCK_LOG).catch(() => undefined);
    return lib > block && (log?.last ?? 0) > block;
  };
  for (let waited = 0; waited < LOG_SECONDS && !(await isThere()); waited += 1) await system.sleep(1000);
}

/** Never a key, never a finalizer's safety file: they lie elsewhere, and none of this is a folder above them. */
async function pathsOf(system: System, { evm }: BackupSettings, snapshot: string): Promise<string[]> {
  const all = [
    snapshot,
    recordPath(snapshot),
    `${NODEOS_DATA}/blocks`,
    `${NODEOS_DATA}/state-history`,
    ...(evm ? [evm] : []),
  ];
  const found = await Promise.all(all.map(async (path) => ((await inspect(system, path)) ? [path] : [])));
  return found.flat();
}

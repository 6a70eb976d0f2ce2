import { join } from "node:path";
import { NODEOS_DATA } from "../../components/core/services/nodeos-files";
import { audit } from "../audit";
import { remove } from "../disk";
import { type NodeosUrls, nodeosApi } from "../snapshots/nodeos-api";
import { reasonOf } from "../steps/step";
import { HostError, type System } from "../system";
import { openRestic } from "./restic";
import { chosenBackup, unpack } from "./restore";
import { type ScratchNode, startScratchNode } from "./scratch-node";
import type { BackupSettings } from "./settings";
import { noteBackup } from "./state";

export interface DrillDone {
  id: string;
  /** Block at which both nodes were compared, and the hash over their whole state. */
  block: number;
  hash: string;
  seconds: number;
}

/** A repository of terabytes is read over so many weeks; which part in which follows from the date, so that none is left out. */
const PARTS = 10;
const WEEK_MS = 7 * 24 * 3600 * 1000;

/** As restic numbers parts: from `1/10` to `10/10`. */
export const subset = (now: Date): string => `${(Math.floor(now.getTime() / WEEK_MS) % PARTS) + 1}/${PARTS}`;

/** So long the restored node may take to come up to the running one. */
const PATIENCE_MS = 6 * 3600 * 1000;
/** Both nodes go on while they are asked: so often, until both have answered for one block. */
const LOOKS = 400;

/**
 * Restores the last backup beside the running node, starts a nodeos from it, lets it catch up with the chain, and compares
 * the hash over the whole state with the running node's at the same block. The repository's own data is checked too.
 */
export async function drillBackup(
  system: System,
  settings: BackupSettings,
  say: (line: string) => void,
): Promise<DrillDone> {
  const begun = system.now();
  const folder = `${settings.cache}/drill`;
  const elapsed = () => (system.now().getTime() - begun.getTime()) / 1000;
  const note = (ok: boolean, reason?: string) =>
    noteBackup(system, {
      drill: { time: system.now().toISOString(), ok, ...(reason ? { reason } : {}), seconds: elapsed() },
    });
  try {
    say("checking the repository");
    await (await openRestic(system, settings)).run("check", `--read-data-subset=${subset(begun)}`);
    const backup = await chosenBackup(system, settings);
    const { path } = await unpack(system, settings, backup, folder, say);
    const data = join(folder, NODEOS_DATA);
    const { block, hash } = await compared(system, settings, data, path, say);
    const done: DrillDone = { id: backup.short_id, block, hash, seconds: elapsed() };
    await note(true);
    await audit(system, {
      action: "backup",
      what: `drill of ${done.id}: same state at block ${block}`,
      result: "ok",
    });
    return done;
  } catch (error) {
    await note(false, reasonOf(error)).catch(() => {});
    await audit(system, { action: "backup", what: `drill: ${reasonOf(error)}`, result: "failed" }).catch(
      () => {},
    );
    throw error;
  } finally {
    await remove(system, folder);
  }
}

async function compared(
  system: System,
  settings: BackupSettings,
  data: string,
  snapshot: string,
  say: (line: string) => void,
): Promise<{ block: number; hash: string }> {
  say("starting a nodeos from it");
  await remove(system, `${data}/state-history`);
  const node = await startScratchNode(system, { folder: data, snapshot, peer: settings.p2p });
  try {
    await caughtUp(system, node, settings, say);
    return await sameState(system, node, settings);
  } finally {
    await node.stop();
  }
}

async function caughtUp(
  system: System,
  node: ScratchNode,
  running: NodeosUrls,
  say: (line: string) => void,
): Promise<void> {
  const deadline = system.now().getTime() + PATIENCE_MS;
  for (let said = 0; ; said += 1) {
    const last = await node.ended();
    if (last !== undefined) throw new HostError(`nodeos did not start from the backup:\n${last}`);
    const own = await nodeosApi(running).info();
    const its = await nodeosApi(node.urls)
      .info()
      .catch(() => undefined);
    if (its && its.head_block_num + 2 >= own.head_block_num) return;
    if (system.now().getTime() > deadline)
      throw new HostError(`the restored node came no further than block ${its?.head_block_num ?? "none"}`);
    if (said % 30 === 0) say(`at block ${its?.head_block_num ?? "none"} of ${own.head_block_num}`);
    await system.sleep(1000);
  }
}

async function sameState(
  system: System,
  node: ScratchNode,
  running: NodeosUrls,
): Promise<{ block: number; hash: string }> {
  const [own, its] = [new Map<string, string>(), new Map<string, string>()];
  const look = async (urls: NodeosUrls, seen: Map<string, string>) => {
    const { head_block_id: id, integrity_hash: hash } = await nodeosApi(urls).integrityHash();
    seen.set(id, hash);
  };
  for (let attempt = 0; attempt < LOOKS; attempt += 1) {
    await Promise.all([look(running, own), look(node.urls, its)]);
    for (const [id, hash] of own) {
      const other = its.get(id);
      if (other === undefined) continue;
      const block = Number.parseInt(id.slice(0, 8), 16);
      if (other === hash) return { block, hash };
      throw new HostError(
        `at block ${block} the restored state has the hash ${other}, the running node's is ${hash}`,
      );
    }
    await system.sleep(100);
  }
  throw new HostError(
    `the two nodes were never asked at the same block, ${LOOKS} times: is the chain going on?`,
  );
}

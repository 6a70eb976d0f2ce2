import { join } from "node:path";
import { NODEOS_DATA, STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";
import { audit } from "../audit";
import { empty } from "../chain/aside";
import { ensureFolder, inspect, list, move, remove } from "../disk";
import { BLOCK_LOG, SHIP_LOG, SNAPSHOTS } from "../snapshots/layout";
import { type LocalSnapshot, localSnapshots } from "../snapshots/local";
import { blockLog, isUnbroken, shipLog } from "../snapshots/logs";
import { HostError, mustRun, type System } from "../system";
import { type Backup, openRestic } from "./restic";
import type { BackupSettings } from "./settings";
import { withoutUnits } from "./units";

export interface Restored {
  id: string;
  time: string;
  block: number;
  /** Where what was there before lies now; remove it when all is well. */
  replaced?: string;
}

/** The backup of that id, by its first digits; without one, the newest. */
export async function chosenBackup(system: System, settings: BackupSettings, id?: string): Promise<Backup> {
  const all = await (await openRestic(system, settings)).backups();
  const found = id === undefined ? all[0] : all.find((each) => each.id.startsWith(id));
  if (found) return found;
  throw new HostError(
    id === undefined
      ? `${settings.repository} has no backup of ${settings.host}`
      : `${settings.repository} has no backup ${id} of ${settings.host}; see \`nodewright-host backup list\``,
  );
}

/**
 * Puts a backup in place of what nodeos and the EVM node have. It is fetched beside that and proved first; what was there is
 * moved aside, and never removed.
 */
export async function restoreBackup(
  system: System,
  settings: BackupSettings,
  id: string | undefined,
  say: (line: string) => void,
): Promise<Restored> {
  const backup = await chosenBackup(system, settings, id);
  const folder = `${settings.cache}/restore`;
  try {
    const snapshot = await unpack(system, settings, backup, folder, say);
    const aside = `${settings.cache}/replaced-${system.now().toISOString().replaceAll(/[:.]/g, "")}`;
    say("putting it in place");
    const hadAny = await withoutUnits(system, settings.units, () => swap(system, settings, folder, aside));
    await mustRun(system, [
      "systemctl",
      "start",
      ...settings.units.toReversed().map((unit) => `${unit}.service`),
    ]);
    const block = snapshot.facts?.block ?? 0;
    const { short_id, time } = backup;
    await audit(system, { action: "backup", what: `restored ${short_id}, block ${block}`, result: "ok" });
    return { id: short_id, time, block, ...(hadAny ? { replaced: aside } : {}) };
  } finally {
    await remove(system, folder);
  }
}

/** Fetches a backup into a folder of its own, and proves there that nodeos can start from it. */
export async function unpack(
  system: System,
  settings: BackupSettings,
  { id, short_id, time }: Backup,
  folder: string,
  say: (line: string) => void,
): Promise<LocalSnapshot> {
  await remove(system, folder);
  await ensureFolder(system, folder);
  say(`fetching backup ${short_id} of ${time}`);
  const restic = await openRestic(system, settings);
  await restic.run("restore", id, "--target", system.path(folder), "--verify");
  say("proving its snapshot and logs");
  return proved(system, settings, folder);
}

async function proved(system: System, { chainId }: BackupSettings, folder: string): Promise<LocalSnapshot> {
  const inside = (path: string) => join(folder, path);
  const log = await blockLog(system, inside(BLOCK_LOG));
  const ship = await shipLog(system, inside(SHIP_LOG)).catch(() => undefined);
  const [snapshot] = await localSnapshots(system, {
    folder: inside(SNAPSHOTS),
    blockLog: inside(BLOCK_LOG),
    ...(chainId === undefined ? {} : { chainId }),
  });
  const faults = [
    ...(snapshot ? snapshot.faults : ["it has no snapshot"]),
    ...(snapshot && !snapshot.record ? ["its snapshot has no record of its hash"] : []),
    ...(log && isUnbroken(log) === false ? ["its block log has a gap"] : []),
    ...(ship && isUnbroken(ship) === false ? ["its state history has a gap"] : []),
  ];
  if (faults.length > 0 || !snapshot)
    throw new HostError(`this backup cannot be started from: ${faults.join("; ")}`);
  return snapshot;
}

/** What nodeos makes anew from a snapshot, and what a backup brings. */
const OF_NODEOS = ["blocks", "state", "state-history", "snapshots"];

async function swap(
  system: System,
  { evm }: BackupSettings,
  folder: string,
  aside: string,
): Promise<boolean> {
  await ensureFolder(system, aside);
  const places = [
    ...OF_NODEOS.map((name) => join(NODEOS_DATA, name)),
    ...(evm ? await contents(system, evm) : []),
  ];
  let hadAny = false;
  for (const path of places) {
    if (!(await inspect(system, path))) continue;
    hadAny = true;
    await move(system, path, join(aside, path.replaceAll("/", "_")));
  }
  if (!hadAny) await remove(system, aside);
  // Of logs that were just taken away. The snapshots and logs that were moved make it anew.
  await empty(system, STATE_IN_MEMORY);
  const brought = [NODEOS_DATA, ...(evm ? [evm] : [])].map((data) => ({ data, from: join(folder, data) }));
  for (const { data, from } of brought)
    for (const name of await list(system, from)) await move(system, join(from, name), join(data, name));
  // Owners are kept by number, and a fresh host may have given its users others.
  for (const { data } of brought)
    await mustRun(system, ["chown", "--recursive", "--reference", system.path(data), system.path(data)]);
  return hadAny;
}

const contents = async (system: System, folder: string): Promise<string[]> =>
  (await list(system, folder)).map((name) => join(folder, name));

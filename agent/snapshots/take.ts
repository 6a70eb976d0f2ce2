import { basename } from "node:path";
import { audit } from "../audit";
import { readText, remove } from "../disk";
import { lockedAt } from "../lock";
import { s3Login } from "../s3";
import { HostError, type System } from "../system";
import { SNAPSHOT_LOCK, SNAPSHOTS } from "./layout";
import { localSnapshots } from "./local";
import { nodeosApi } from "./nodeos-api";
import { publish } from "./publish";
import { hashOf, recordPath, type SnapshotRecord, writeRecord } from "./record";
import type { SnapshotSettings } from "./settings";
import { readSnapshot } from "./snapshot-file";
import { noteSnapshot } from "./state";
import { openStore, type StoreLogin } from "./store";

/** Of the size of the last snapshot: the next may be larger, and the disk must not fill by it. */
const ROOM = 1.5;
/** Where the first snapshot has no other to go by. */
const LEAST_ROOM = 64 * 1024 * 1024;
/** So long another may hold the lock: nodeos that is being stopped. */
const PATIENCE_SECONDS = 600;

/** What systemd passes on where the unit has such credentials. */
export interface SnapshotSecrets {
  signingKey?: string;
  login?: StoreLogin;
}

export interface Taken {
  path: string;
  record: SnapshotRecord;
  isPublished: boolean;
  removed: string[];
}

/** Lets nodeos write a snapshot, proves it whole, publishes it where that is wanted, and lets old ones go. Throws HostError. */
export async function takeSnapshot(
  system: System,
  settings: SnapshotSettings,
  secrets: SnapshotSecrets,
): Promise<Taken> {
  try {
    await mustHaveRoom(system);
    const { path, record } = await lockedAt(
      system,
      { path: SNAPSHOT_LOCK, mode: 0o644, waitSeconds: PATIENCE_SECONDS },
      "snapshot",
      () => written(system, settings),
    );
    await audit(system, {
      action: "snapshot",
      what: `took block ${record.block}`,
      after: record.sha256,
      result: "ok",
    });
    if (settings.publish) await published(system, path, record, settings, secrets);
    const removed = await prune(system, settings.keep);
    await noteSnapshot(system, { record, isPublished: settings.publish !== undefined });
    return { path, record, isPublished: settings.publish !== undefined, removed };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await audit(system, { action: "snapshot", what: reason, result: "failed" }).catch(() => {});
    await noteSnapshot(system, { failure: reason }).catch(() => {});
    throw error;
  }
}

async function mustHaveRoom(system: System): Promise<void> {
  const largest = (await localSnapshots(system, { hashes: false })).map(({ facts }) => facts?.bytes ?? 0);
  const needed = Math.max(LEAST_ROOM, ...largest.map((bytes) => bytes * ROOM));
  const { freeBytes } = await system.space(SNAPSHOTS.replace(/\/snapshots$/, ""));
  if (freeBytes < needed)
    throw new HostError(
      `a snapshot may need ${Math.ceil(needed / 1024 ** 2)} MiB, and ${Math.floor(freeBytes / 1024 ** 2)} MiB are free: none was taken. Enlarge the disk, or set snapshots.keep lower`,
    );
}

async function written(
  system: System,
  { chainId: wanted, ...urls }: SnapshotSettings,
): Promise<{ path: string; record: SnapshotRecord }> {
  const api = nodeosApi(urls);
  const { chain_id: chainId } = await api.info();
  if (wanted !== undefined && wanted !== chainId)
    throw new HostError(`nodeos is on chain ${chainId}, and the plan says ${wanted}: no snapshot was taken`);
  const { head_block_id: id, snapshot_name: name } = await api.createSnapshot();
  const path = `${SNAPSHOTS}/${basename(name)}`;
  const { isOfChain, time, ...about } = await readSnapshot(system, path, chainId);
  if (!isOfChain || about.blockId !== id)
    throw new HostError(
      `${path} is not what nodeos said it wrote: block ${about.blockId}, and it said ${id}`,
    );
  const sha256 = await hashOf(system, path);
  const record: SnapshotRecord = { ...about, time: time.toISOString(), chainId, sha256, origin: "taken" };
  await writeRecord(system, path, record);
  return { path, record };
}

async function published(
  system: System,
  path: string,
  record: SnapshotRecord,
  { network, publish: to }: SnapshotSettings,
  { signingKey, login }: SnapshotSecrets,
): Promise<void> {
  if (!to) return;
  if (signingKey === undefined) throw new HostError("the secret snapshot-key is not on this host");
  const store = openStore(system, to.to, login && { ...login, region: to.region });
  await publish(system, path, record, { store, network, keep: to.keep, key: signingKey });
  await audit(system, {
    action: "snapshot",
    what: `published block ${record.block}`,
    after: record.sha256,
    result: "ok",
  });
}

/** Those that this host took, but the newest. What someone put there stays, and so does a good one where no newer is good. */
async function prune(system: System, keep: number): Promise<string[]> {
  const own = (await localSnapshots(system, { hashes: false })).filter(
    ({ record }) => record?.origin === "taken",
  );
  const good = own.filter(({ faults }) => faults.length === 0).slice(0, keep);
  if (good.length < keep) return [];
  const old = own.filter(({ facts }) => (facts?.block ?? 0) < (good.at(-1)?.facts?.block ?? 0));
  for (const { path } of old) {
    await remove(system, path);
    await remove(system, recordPath(path));
  }
  return old.map(({ path }) => path);
}

/** Secrets of a unit, as systemd hands them over. */
export async function snapshotSecrets(system: System, folder: string | undefined): Promise<SnapshotSecrets> {
  const read = async (name: string) =>
    folder === undefined ? undefined : (await readText(system, `${folder}/${name}`))?.trim();
  const [signingKey, login] = await Promise.all([read("snapshot-key"), read("s3-login")]);
  return {
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(login === undefined ? {} : { login: { ...s3Login(login), region: "" } }),
  };
}

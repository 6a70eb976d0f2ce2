import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ensureFolder, inspect, move, remove } from "../disk";
import { download, downloadFrom, fetchSmall } from "../download";
import { HostError, mustRun, type System } from "../system";
import { faultsOf } from "./judge";
import { BLOCK_LOG, SNAPSHOTS, STATE_FILE } from "./layout";
import { localSnapshots } from "./local";
import { blockLog } from "./logs";
import { manifestName, type Published, verified } from "./manifest";
import { hashOf, recordPath, writeRecord } from "./record";
import type { SnapshotSettings } from "./settings";
import { readSnapshot } from "./snapshot-file";

const WORK = `${SNAPSHOTS}/.fetch`;

export interface Fetched {
  path: string;
  block: number;
  time: Date;
}

/**
 * Gets the snapshot that the host is to start from, verified before it has its name: by the hash that the stack file
 * gives, or by the signed manifest of the operator's mirror. A fetch that broke off goes on where it was. Throws HostError.
 */
export async function fetchSnapshot(
  system: System,
  settings: SnapshotSettings,
  say = noWord,
): Promise<Fetched> {
  const { from } = settings;
  if (!from) throw new HostError("the stack file gives no snapshot to start from (snapshots.from)");
  await ensureFolder(system, WORK);
  const whole = join(WORK, "whole");
  const chainId = "url" in from ? settings.chainId : undefined;
  if ("url" in from) await given(system, from, whole);
  const chosen = "url" in from ? undefined : await choose(system, from, settings);
  if (chosen && "mirror" in from) await assemble(system, from.mirror, chosen, whole, say);
  const facts = await readSnapshot(system, whole, chosen?.chainId ?? chainId);
  const faults = faultsOf(facts, settings.before === undefined ? {} : { before: new Date(settings.before) });
  if (faults.length > 0) {
    await remove(system, WORK);
    throw new HostError(`the snapshot was fetched, and is not used: ${faults.join("; ")}`);
  }
  const path = join(SNAPSHOTS, `snapshot-${facts.blockId}.bin`);
  const { isOfChain: _, time, ...about } = facts;
  await remove(system, recordPath(path));
  await move(system, whole, path);
  await writeRecord(system, path, {
    ...about,
    time: time.toISOString(),
    chainId: chosen?.chainId ?? chainId ?? "unknown",
    sha256: "url" in from ? await hashOf(system, path) : (chosen?.sha256 ?? ""),
    origin: "fetched",
  });
  await remove(system, WORK);
  return { path, block: facts.block, time };
}

/** Whether nodeos has nothing of its own yet, so that it may begin with a snapshot of another's. */
export async function isFresh(system: System): Promise<boolean> {
  const [log, state] = await Promise.all([blockLog(system, BLOCK_LOG), inspect(system, STATE_FILE)]);
  if (log || state) return false;
  return (await localSnapshots(system, { hashes: false })).length === 0;
}

const noWord = (_: string): void => {};

/** The newest that suits this host. */
async function choose(
  system: System,
  { mirror, key }: { mirror: string; key: string },
  { network, chainId, before, maxAgeSeconds }: SnapshotSettings,
): Promise<Published> {
  const url = `${mirror.replace(/\/+$/, "")}/${manifestName(network)}`;
  const { snapshots } = verified((await fetchSmall(system, url)).toString(), key, network);
  const oldest = maxAgeSeconds === undefined ? 0 : system.now().getTime() - maxAgeSeconds * 1000;
  const suits = snapshots.filter(
    (each) =>
      (chainId === undefined || each.chainId === chainId) &&
      (before === undefined || each.time < before) &&
      Date.parse(each.time) >= oldest,
  );
  const newest = suits.toSorted((one, other) => other.block - one.block)[0];
  if (newest) return newest;
  const wanted = [
    chainId === undefined ? undefined : `of chain ${chainId}`,
    before === undefined ? undefined : `older than ${before}`,
    maxAgeSeconds === undefined ? undefined : `not older than ${maxAgeSeconds} s`,
  ].filter(Boolean);
  throw new HostError(
    `${url} names ${snapshots.length} snapshots, none of them ${wanted.join(" and ") || "usable"}; is the host that publishes up?`,
  );
}

/** Parts that are there already were verified before they had their names. */
async function assemble(
  system: System,
  mirror: string,
  { parts, sha256, block }: Published,
  to: string,
  say: (line: string) => void,
): Promise<void> {
  for (const [index, part] of parts.entries()) {
    say(`snapshot of block ${block}: part ${index + 1} of ${parts.length}, ${part.bytes} bytes`);
    const path = join(WORK, part.sha256);
    if (!(await inspect(system, path))) await download(system, mirror, part.sha256, path);
  }
  const packed = async function* () {
    for (const part of parts) yield* createReadStream(system.path(join(WORK, part.sha256)));
  };
  await pipeline(
    Readable.from(packed()),
    createGunzip(),
    createWriteStream(system.path(to), { mode: 0o640 }),
  );
  const found = await hashOf(system, to);
  if (found === sha256) return;
  await remove(system, WORK);
  throw new HostError(`the snapshot of block ${block} has the hash ${found}, its manifest says ${sha256}`);
}

/** One file at a URL; a packed one is told by its end. */
async function given(
  system: System,
  { url, sha256 }: { url: string; sha256: string },
  to: string,
): Promise<void> {
  const path = join(WORK, sha256);
  if (!(await inspect(system, path))) await downloadFrom(system, url, sha256, path);
  if (!/\.(zst|gz|xz|bz2)$/.test(url)) return move(system, path, to);
  // Of libarchive-tools, which every host has: it tells the packing by itself.
  await mustRun(system, ["sh", "-c", 'bsdcat "$1" >"$2"', "sh", system.path(path), system.path(to)]);
}

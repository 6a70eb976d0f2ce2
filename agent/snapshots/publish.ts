import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { ensureFolder, remove } from "../disk";
import { HostError, type System } from "../system";
import { SNAPSHOTS } from "./layout";
import { type Manifest, manifestName, type Published, publicHalf, signed, verified } from "./manifest";
import type { SnapshotRecord } from "./record";
import type { Store } from "./store";

const WORK = `${SNAPSHOTS}/.publish`;
/** Small enough for one request of any object store (5 GB), and for a lost connection to cost little. */
const PART_BYTES = 256 * 1024 * 1024;

interface Publication {
  store: Store;
  network: string;
  /** Snapshots that stay published. */
  keep: number;
  /** ed25519, PKCS #8. */
  key: string;
}

/**
 * Publishes a snapshot: its parts first, then the signed manifest that names them, and at last takes away what the manifest
 * names no more. Whoever reads meanwhile finds a whole snapshot at any time.
 */
export async function publish(
  system: System,
  path: string,
  record: SnapshotRecord,
  { store, network, keep, key }: Publication,
): Promise<Published> {
  const name = manifestName(network);
  const before = await published(store, network, key);
  const { origin: _, ...about } = record;
  const parts = await putParts(system, path, store);
  const entry: Published = { ...about, parts };
  const others = before.filter(({ sha256 }) => sha256 !== record.sha256);
  const all = [entry, ...others].sort((one, other) => other.block - one.block);
  const kept = all.slice(0, keep);
  const manifest: Manifest = { schema: 1, network, snapshots: kept };
  const file = join(WORK, name);
  await writeFile(system.path(file), signed(manifest, key), { mode: 0o644 });
  await store.put(name, file);
  const named = new Set(kept.flatMap((each) => each.parts.map(({ sha256 }) => sha256)));
  const gone = before.flatMap((each) => each.parts.filter(({ sha256 }) => !named.has(sha256)));
  for (const { sha256 } of gone) await store.remove(sha256);
  await remove(system, WORK);
  return entry;
}

/** What is published there now. A manifest that this key did not sign is somebody else's, and is not overwritten. */
async function published(store: Store, network: string, key: string): Promise<Published[]> {
  const text = await store.get(manifestName(network));
  if (text === undefined) return [];
  try {
    return verified(text.toString(), publicHalf(key), network).snapshots;
  } catch (error) {
    throw new HostError(
      `${manifestName(network)} is there already, and ${error instanceof Error ? error.message : String(error)}; to begin anew, remove it`,
    );
  }
}

async function putParts(system: System, path: string, store: Store): Promise<Published["parts"]> {
  await remove(system, WORK);
  await ensureFolder(system, WORK);
  const packed = createReadStream(system.path(path)).pipe(createGzip({ level: 3 }));
  const parts: Published["parts"] = [];
  let part = await newPart(system);
  const end = async () => {
    await part.file.close();
    const { size: bytes } = await stat(system.path(part.path));
    const sha256 = part.hash.digest("hex");
    await store.put(sha256, part.path);
    await remove(system, part.path);
    parts.push({ sha256, bytes });
  };
  let length = 0;
  for await (const chunk of packed as AsyncIterable<Buffer>) {
    if (length >= PART_BYTES) {
      await end();
      part = await newPart(system);
      length = 0;
    }
    part.hash.update(chunk);
    await part.file.writeFile(chunk);
    length += chunk.length;
  }
  await end();
  return parts;
}

async function newPart(
  system: System,
): Promise<{ path: string; file: FileHandle; hash: ReturnType<typeof createHash> }> {
  const path = join(WORK, "part");
  return { path, file: await open(system.path(path), "w", 0o600), hash: createHash("sha256") };
}

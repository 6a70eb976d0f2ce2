import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { readAudit } from "../../../agent/audit";
import { fetchSnapshot } from "../../../agent/snapshots/fetch";
import { SNAPSHOTS } from "../../../agent/snapshots/layout";
import { newestGood } from "../../../agent/snapshots/local";
import { manifestName } from "../../../agent/snapshots/manifest";
import { hashOf } from "../../../agent/snapshots/record";
import type { SnapshotSettings } from "../../../agent/snapshots/settings";
import { snapshotState } from "../../../agent/snapshots/state";
import { takeSnapshot } from "../../../agent/snapshots/take";
import { CHAIN_ID, ChainHost, NEWER, OLDER } from "./chain";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const signingKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const key = publicKey.export({ type: "spki", format: "der" }).toString("base64");
const stranger = generateKeyPairSync("ed25519")
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

describe("published snapshots", () => {
  let host: ChainHost;
  let fresh: ChainHost;
  let mirror: string;
  let api: Server;
  /** The snapshot that nodeos, played here, writes next. */
  let next: string;
  const kept = new Map<string, Buffer>();

  beforeEach(async () => {
    [host, fresh] = [new ChainHost(), new ChainHost()];
    for (const path of [OLDER, NEWER]) kept.set(path, host.read(path));
    for (const each of [host, fresh]) each.erase(SNAPSHOTS);
    mkdirSync(join(host.root, SNAPSHOTS));
    mirror = join(host.root, "mirror");
    api = createServer((request, response) => {
      // As nodeos does with categories: what is asked at the other's address is not there.
      if (!/^\/(chain\/v1\/chain|control\/v1\/producer)\//.test(request.url ?? ""))
        return void response.writeHead(404).end("{}");
      if (request.url?.endsWith("get_info"))
        return void response.end(
          JSON.stringify({
            chain_id: CHAIN_ID,
            head_block_num: 113,
            head_block_time: "2026-11-22T01:32:22.000",
            last_irreversible_block_num: 113,
          }),
        );
      host.write(next, kept.get(next) ?? "");
      const id = basename(next).replace(/snapshot-|\.bin/g, "");
      response.end(
        JSON.stringify({
          head_block_id: id,
          head_block_num: 1,
          snapshot_name: `/elsewhere/${basename(next)}`,
        }),
      );
    });
    api.listen(0, "127.0.0.1");
    await once(api, "listening");
  });
  afterEach(() => {
    api.close();
    host.remove();
    fresh.remove();
  });

  const settings = (changes: Partial<SnapshotSettings> = {}): SnapshotSettings => ({
    network: "lab",
    api: `http://127.0.0.1:${(api.address() as AddressInfo).port}/chain`,
    control: `http://127.0.0.1:${(api.address() as AddressInfo).port}/control`,
    keep: 1,
    from: { mirror: `file:///mirror`, key },
    publish: { to: `file:///mirror`, region: "us-east-1", keep: 2 },
    ...changes,
  });
  const take = (path: string, changes?: Partial<SnapshotSettings>, by = signingKey) => {
    next = path;
    return takeSnapshot(host.system, settings(changes), { signingKey: by });
  };
  /** The mirror of both is the same folder. */
  const fetched = (changes?: Partial<SnapshotSettings>) => {
    const path = (name: string) => (name.startsWith("/mirror") ? host : fresh).system.path(name);
    return fetchSnapshot({ ...fresh.system, path, sleep: async () => {} }, settings(changes));
  };

  it("reach a fresh host whole, which then finds it good", async () => {
    await take(NEWER);
    const { block, path } = await fetched();
    deepStrictEqual([block, path], [113, NEWER]);
    strictEqual(await hashOf(fresh.system, NEWER), await hashOf(host.system, NEWER));
    const good = await newestGood(fresh.system);
    strictEqual(good?.record?.origin, "fetched");
    deepStrictEqual(readdirSync(join(fresh.root, SNAPSHOTS)).sort(), [
      basename(NEWER),
      `${basename(NEWER)}.json`,
    ]);
  });

  it("keep the newest on the host and on the mirror, and tell of the last", async () => {
    await take(OLDER);
    const { removed } = await take(NEWER);
    deepStrictEqual(removed, [OLDER]);
    const last = (await snapshotState(host.system)).last;
    deepStrictEqual([last?.block, last?.isPublished, last?.bytes], [113, true, 2105008]);
    deepStrictEqual(
      (await readAudit(host.system)).map(({ what }) => what),
      ["took block 104", "published block 104", "took block 113", "published block 113"],
    );
    strictEqual((await fetched({ before: "2026-11-22T01:32:20Z" })).block, 104);
    await take(NEWER, { publish: { to: `file:///mirror`, region: "", keep: 1 } });
    strictEqual(readdirSync(mirror).length, 2);
    await rejects(fetched({ before: "2026-11-22T01:32:20Z" }), /names 1 snapshots, none of them older than/);
  });

  it("are not used where another key signed, or where someone changed the manifest", async () => {
    await take(NEWER, {}, stranger);
    await rejects(fetched(), /is not signed by the key in the stack file/);
    await rejects(take(NEWER), /is there already, and .* to begin anew, remove it/);
    match((await snapshotState(host.system)).failure?.reason ?? "", /is there already/);
    const path = join(mirror, manifestName("lab"));
    writeFileSync(path, readFileSync(path, "utf8").replace("113", "114"));
    await rejects(fetched(), /is not signed/);
  });

  it("are not used where a part was changed or the mirror lost it", async () => {
    await take(NEWER);
    const part = join(mirror, readdirSync(mirror).find((name) => name !== manifestName("lab")) ?? "");
    const bytes = readFileSync(part);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(part, bytes);
    await rejects(fetched(), /its content has the hash/);
    ok(!readdirSync(join(fresh.root, SNAPSHOTS)).some((name) => name.endsWith(".bin")));
  }).timeout(30_000);

  it("are not used on another chain, or when they are too old", async () => {
    await take(NEWER);
    await rejects(fetched({ chainId: "00".repeat(32) }), /none of them of chain 0000/);
    await rejects(fetched({ maxAgeSeconds: 1 }), /none of them not older than 1 s/);
    await rejects(fetched({ network: "eos" }), /snapshots-eos.json/);
  });

  it("may be named by URL and hash in place of a mirror", async () => {
    const file = join(host.root, "mirror.bin");
    writeFileSync(file, kept.get(NEWER) ?? "");
    const sha256 = await hashOf(host.system, "/mirror.bin");
    strictEqual(
      (await fetched({ from: { url: `file:///mirror.bin`, sha256 }, chainId: CHAIN_ID })).block,
      113,
    );
    const other = { url: `file:///mirror.bin`, sha256: "0".repeat(64) };
    await rejects(fetched({ from: other }), /its content has the hash/);
    await rejects(
      fetched({ from: { url: `file:///mirror.bin`, sha256 }, chainId: "00".repeat(32) }),
      /is not used: it is of another chain/,
    );
  });

  it("are none where nodeos is on another chain, or cannot be asked", async () => {
    await rejects(take(NEWER, { chainId: "00".repeat(32) }), /nodeos is on chain 905e/);
    await rejects(take(NEWER, { api: "http://127.0.0.1:1" }), /is nodeos running\?/);
    kept.set(NEWER, kept.get(NEWER)?.subarray(0, 5000) ?? Buffer.alloc(0));
    await rejects(take(NEWER), /cut short/);
  });
});

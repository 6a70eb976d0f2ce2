import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { BLOCK_LOG, SHIP_LOG, SNAPSHOTS } from "../../../agent/snapshots/layout";
import { type Choice, localSnapshots, newestGood } from "../../../agent/snapshots/local";
import { blockIdAt, blockLog, isUnbroken, shipLog } from "../../../agent/snapshots/logs";
import { hashOf, writeRecord } from "../../../agent/snapshots/record";
import { readSnapshot } from "../../../agent/snapshots/snapshot-file";
import { CHAIN_ID, ChainHost, NEWER, OLDER } from "./chain";

describe("snapshots of a host", () => {
  let host: ChainHost;
  beforeEach(() => {
    host = new ChainHost();
  });
  afterEach(() => host.remove());

  const best = async (choice?: Choice) => (await newestGood(host.system, choice))?.facts?.block;
  const faults = async (path: string, choice?: Choice) =>
    (await localSnapshots(host.system, choice)).find((each) => each.path === path)?.faults.join("; ");
  const record = async (path: string) => {
    const { block, blockId, time, version, bytes } = await readSnapshot(host.system, path);
    const sha256 = await hashOf(host.system, path);
    const facts = { block, blockId, time: time.toISOString(), version, bytes };
    await writeRecord(host.system, path, { ...facts, sha256, chainId: CHAIN_ID, origin: "taken" });
  };

  it("tells chain, block, time and format from a file of nodeos", async () => {
    deepStrictEqual(await readSnapshot(host.system, NEWER, CHAIN_ID), {
      version: 6,
      block: 113,
      blockId: "00000071bbf3598b18db70207c46a6b1646c555643446258568d5c9a9a2913b5",
      time: new Date("2026-11-22T01:32:22.000Z"),
      bytes: 2105008,
      isOfChain: true,
    });
  });

  it("tells what the logs hold, and of which chain", async () => {
    deepStrictEqual(await blockLog(host.system, BLOCK_LOG), {
      first: 1,
      last: 159,
      indexed: 159,
      bytes: 30654,
      chainId: CHAIN_ID,
      since: "2026-01-01T00:00:00.000Z",
    });
    const ship = await shipLog(host.system, SHIP_LOG);
    deepStrictEqual(ship && [ship.first, ship.last, isUnbroken(ship)], [2, 160, true]);
    strictEqual(
      await blockIdAt(host.system, BLOCK_LOG, 113),
      "00000071bbf3598b18db70207c46a6b1646c555643446258568d5c9a9a2913b5",
    );
  });

  it("takes the newest", async () => {
    await record(NEWER);
    strictEqual(await best(), 113);
  });

  it("goes on to the next where the newest was changed after it was made", async () => {
    await record(NEWER);
    const bytes = host.read(NEWER);
    bytes.writeUInt8(bytes.readUInt8(2_000_000) ^ 1, 2_000_000);
    host.write(NEWER, bytes);
    strictEqual(await best(), 104);
    match((await faults(NEWER)) ?? "", /its hash is .* and was .* when it was whole/);
  });

  for (const [what, size] of [
    ["its last byte", 2105007],
    ["half of it", 1_000_000],
    ["all but its beginning", 9],
    ["everything", 0],
  ] as const)
    it(`goes on to the next where the newest lacks ${what}, which no record tells`, async () => {
      host.write(NEWER, host.read(NEWER).subarray(0, size));
      strictEqual(await best(), 104);
      match((await faults(NEWER)) ?? "", /cut short|no nodeos snapshot|does not end/);
    });

  it("leaves one of a format that is newer than nodeos knows", async () => {
    const bytes = host.read(NEWER);
    const name = "eosio::chain::chain_snapshot_header\0";
    const at = bytes.indexOf(name) + name.length;
    strictEqual(bytes.readUInt32LE(at), 6);
    bytes.writeUInt32LE(99, at);
    host.write(NEWER, bytes);
    strictEqual(await best(), 104);
    match((await faults(NEWER)) ?? "", /its format, 99, is newer than 8/);
  });

  it("leaves one that is past the end of the block log", async () => {
    strictEqual(await best({ logEnd: 112 }), 104);
    match((await faults(NEWER, { logEnd: 112 })) ?? "", /of block 113, and the block log ends with 112/);
  });

  it("leaves one of another chain", async () => {
    const chainId = "aca376f206b8fc25a6ed44dbdc66547c36c6c33e3a119ffbeaef943642f0e906";
    strictEqual(await best({ chainId }), undefined);
    match((await faults(NEWER, { chainId })) ?? "", /of another chain than aca376/);
  });

  it("leaves one whose block the block log has another of", async () => {
    const log = host.read(BLOCK_LOG);
    const at = log.indexOf("00000071bbf3598b18db", 0, "hex");
    log.writeUInt8(0, at + 8);
    host.write(BLOCK_LOG, log);
    strictEqual(await best(), 104);
    match((await faults(NEWER)) ?? "", /it was forked out/);
  });

  it("leaves one that is too young for an archive, or too old", async () => {
    strictEqual(await best({ before: new Date("2026-11-22T01:32:20Z") }), 104);
    strictEqual(await best({ after: new Date("2026-11-22T01:33:00Z") }), undefined);
  });

  it("takes any on a host without a block log, and none that is being made", async () => {
    for (const log of [BLOCK_LOG, BLOCK_LOG.replace(".log", ".index")]) host.erase(log);
    strictEqual(await best(), 113);
    host.write(`${SNAPSHOTS}/.incomplete-snapshot-1.bin`, "x");
    strictEqual((await localSnapshots(host.system)).length, 2);
    host.erase(SNAPSHOTS);
    strictEqual(await best(), undefined);
  });

  it("says that a log is torn", async () => {
    host.write(BLOCK_LOG, host.read(BLOCK_LOG).subarray(0, 30000));
    await rejects(blockLog(host.system, BLOCK_LOG), /does not end with a whole block/);
  });

  it("sees a gap in a log", async () => {
    const index = BLOCK_LOG.replace(".log", ".index");
    host.write(index, host.read(index).subarray(8));
    const log = await blockLog(host.system, BLOCK_LOG);
    strictEqual(log && isUnbroken(log), false);
  });

  it("finds the older one in its place", async () => {
    deepStrictEqual(
      (await localSnapshots(host.system)).map(({ path }) => path),
      [NEWER, OLDER],
    );
  });
});

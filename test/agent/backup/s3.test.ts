import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRestic } from "../../../agent/backup/restic";
import { restoreBackup } from "../../../agent/backup/restore";
import { runBackup } from "../../../agent/backup/run";
import { BLOCK_LOG } from "../../../agent/snapshots/layout";
import { openStore } from "../../../agent/snapshots/store";
import { snapshotSecrets } from "../../../agent/snapshots/take";
import { debianTree } from "../../support/debian-tree";
import { S3Server } from "../../support/s3-server";
import { BackupHost } from "./backup-host";

const quiet = () => {};
const REGION = "us-east-1";

describe("object storage, on a real server", function () {
  this.timeout(1_200_000);
  let server: S3Server;
  let host: BackupHost;
  let restic: { path: string; libraries: string };

  before("builds the server", async function () {
    const [tree, started] = [await debianTree(["restic"]), await S3Server.start()];
    if (started) server = started;
    if (!tree || !started) return this.skip();
    restic = { path: tree.program("restic"), libraries: tree.env.LD_LIBRARY_PATH ?? "" };
    for (const name of ["backups", "snapshots", "private"]) await server.bucket(name);
  });
  after(() => server?.stop());
  beforeEach(async () => {
    host = new BackupHost(restic);
    process.env.CREDENTIALS_DIRECTORY = "/credentials";
    login(server.owner.access, server.owner.secret);
    await host.up();
  });
  afterEach(() => {
    delete process.env.CREDENTIALS_DIRECTORY;
    host.down();
  });

  const login = (access: string, secret: string) =>
    host.write("/credentials/s3-login", `${access}:${secret}\n`);
  const settings = (bucket: string) =>
    host.settings({ repository: `s3:${server.url}/${bucket}/of-backup-a`, region: REGION });

  it("takes a backup, the next at a fraction of it, prunes, checks and restores", async () => {
    // Chance cannot be packed: what is there already is what a second backup saves.
    host.write("/data/evm/chaindata/large.dat", incompressible(4_000_000));
    const first = await runBackup(host.host, settings("backups"));
    host.write("/data/evm/chaindata/small.dat", "a day later");
    const second = await runBackup(host.host, settings("backups"));
    ok(
      second.addedBytes * 10 < first.addedBytes,
      `the second added ${second.addedBytes} bytes, the first ${first.addedBytes}`,
    );
    await runBackup(host.host, settings("backups"));
    const repository = await openRestic(host.host, settings("backups"));
    strictEqual((await repository.backups()).length, 2);
    await repository.run("check", "--read-data");
    const log = host.read(BLOCK_LOG);
    host.write(BLOCK_LOG, "not a log");
    const { block } = await restoreBackup(host.host, settings("backups"), undefined, quiet);
    strictEqual(block, 113);
    ok(host.read(BLOCK_LOG).equals(log));
  });

  it("says what to do where the key is wrong, the bucket another's, or not there", async () => {
    login(server.owner.access, "another secret");
    await rejects(runBackup(host.host, settings("backups")), /remedy: correct the secret s3-login/);
    const { access, secret } = await server.account("stranger");
    login(access, secret);
    await rejects(
      runBackup(host.host, settings("private")),
      /remedy: .* let this key list, read, write and delete in the bucket/,
    );
    // With a key that may make buckets restic makes it.
    await rejects(runBackup(host.host, settings("not-there")), /remedy: /);
    login("no-colon", "");
    await rejects(runBackup(host.host, settings("backups")), /s3-login is not `access key:secret key`/);
    strictEqual(host.units.length, 0, "nothing was stopped for any of it");
  });

  it("holds published files, and says what to do where it cannot", async () => {
    const store = async (bucket: string) => {
      const { login: found } = await snapshotSecrets(host.host, "/credentials");
      if (!found) throw new Error("no login");
      return openStore(host.host, `s3:${server.url}/${bucket}/lab`, { ...found, region: REGION });
    };
    host.write("/part", incompressible(3_000_000));
    const good = await store("snapshots");
    strictEqual(await good.get("part"), undefined);
    await good.put("part", "/part");
    ok((await good.get("part"))?.equals(host.read("/part")));
    await good.remove("part");
    strictEqual(await good.get("part"), undefined);
    ok(!existsSync(server.path("snapshots", "lab", "part")));

    // Publishing begins with a look at what is there: that is where a fault is told.
    const none = await store("not-there");
    await rejects(none.get("part"), /NoSuchBucket\n {2}remedy: there is no such bucket/);
    login(server.owner.access, "another secret");
    await rejects((await store("snapshots")).get("part"), /remedy: the store does not know this key/);
    const { access, secret } = await server.account("passer-by");
    login(access, secret);
    await rejects(
      (await store("private")).get("part"),
      /remedy: .* let this key list, read, write and delete in the bucket/,
    );
  });

  it("is noticed to have lost a byte", async () => {
    await runBackup(host.host, settings("backups"));
    const repository = await openRestic(host.host, settings("backups"));
    const folder = server.path("backups", "of-backup-a", "data");
    const pack = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) =>
      /\w{64}$/.test(name),
    );
    const path = join(folder, pack ?? "");
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(50) ^ 1, 50);
    writeFileSync(path, bytes);
    const said = await repository.run("check", "--read-data").then(
      () => "it passed",
      (error: Error) => error.message,
    );
    match(said, /restic check/);
  });
});

/** The same bytes each time, and no pattern that a packer finds. */
function incompressible(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { subset } from "../../../agent/backup/drill";
import { openRestic } from "../../../agent/backup/restic";
import { restoreBackup } from "../../../agent/backup/restore";
import { runBackup } from "../../../agent/backup/run";
import { backupSettings } from "../../../agent/backup/settings";
import { backupState } from "../../../agent/backup/state";
import { BLOCK_LOG } from "../../../agent/snapshots/layout";
import { BACKUP_SETTINGS } from "../../../components/core/services/backups";
import { STATE_IN_MEMORY } from "../../../components/core/services/nodeos-files";
import { type DebianTree, debianTree } from "../../support/debian-tree";
import { NEWER } from "../snapshots/chain";
import { BackupHost, EVM_DATA, REPOSITORY } from "./backup-host";

const EVM_FILE = `${EVM_DATA}/chaindata/mdbx.dat`;
const quiet = () => {};

describe("backups", function () {
  this.timeout(300_000);
  let tree: DebianTree;
  let host: BackupHost;

  before(async function () {
    const found = await debianTree(["restic"]);
    if (!found) return this.skip();
    tree = found;
  });
  beforeEach(async () => {
    host = new BackupHost({ path: tree.program("restic"), libraries: tree.env.LD_LIBRARY_PATH ?? "" });
    process.env.CREDENTIALS_DIRECTORY = "/credentials";
    await host.up();
  });
  afterEach(() => {
    delete process.env.CREDENTIALS_DIRECTORY;
    host.down();
  });

  const run = () => runBackup(host.host, host.settings());
  const list = async () => (await openRestic(host.host, host.settings())).backups();
  const check = async () => (await openRestic(host.host, host.settings())).run("check", "--read-data");

  it("are read from the plan's settings, and say where there are none", async () => {
    deepStrictEqual(await backupSettings(host.host), host.settings());
    host.erase(BACKUP_SETTINGS);
    await rejects(backupSettings(host.host), /the plan gives this host no backups; see docs\/backups\.md/);
  });

  it("hold all of one moment: units stop in their order and start in reverse", async () => {
    const { block, id } = await run();
    strictEqual(block, 113);
    deepStrictEqual(host.units, [
      "stop evm-node.service",
      "stop nodeos.service",
      "start nodeos.service",
      "start evm-node.service",
    ]);
    strictEqual((await backupState(host.host)).last?.id, id);
  });

  it("are let go of by the rule, the oldest first", async () => {
    const made = [await run(), await run(), await run()].map(({ id }) => id);
    deepStrictEqual(
      (await list()).map(({ short_id }) => short_id),
      made.slice(1).reverse(),
    );
  });

  it("come back whole, and what was there is put aside", async () => {
    await run();
    const log = host.read(BLOCK_LOG);
    host.units.splice(0);
    host.write(BLOCK_LOG, "not a log");
    host.write(EVM_FILE, "something else");
    host.write(`${STATE_IN_MEMORY}/shared_memory.bin`, "a state of the log that was there");
    const { block, replaced } = await restoreBackup(host.host, host.settings(), undefined, quiet);
    strictEqual(block, 113);
    ok(host.read(BLOCK_LOG).equals(log));
    strictEqual(host.read(EVM_FILE).toString(), "what the EVM node has");
    ok(existsSync(join(host.root, NEWER)));
    deepStrictEqual(readdirSync(join(host.root, STATE_IN_MEMORY)), []);
    const aside = join(host.root, replaced ?? "", "_data_nodeos_blocks/blocks.log");
    strictEqual(readFileSync(aside, "utf8"), "not a log");
    deepStrictEqual(host.units.slice(0, 2), ["stop evm-node.service", "stop nodeos.service"]);
  });

  it("hold nothing that decides who may sign, and bring nothing of it back", async () => {
    const own = ["/data/nodeos/finalizers/safety.dat", "/data/etcd/member/wal/0.wal"];
    for (const path of own) host.write(path, "of before");
    await run();
    const listed = await (await openRestic(host.host, host.settings())).run("ls", "latest");
    match(listed, /blocks\.log/);
    doesNotMatch(listed, /finalizers|safety|etcd/);
    for (const path of own) host.write(path, "of now");
    await restoreBackup(host.host, host.settings(), undefined, quiet);
    for (const path of own) strictEqual(host.read(path).toString(), "of now");
  });

  it("are noticed to be damaged, and then nothing is stopped or replaced", async () => {
    await run();
    await check();
    damage(join(host.root, REPOSITORY, "data"));
    await rejects(check(), /restic check/);
    host.units.splice(0);
    host.write(EVM_FILE, "what runs now");
    await rejects(restoreBackup(host.host, host.settings(), undefined, quiet), /restic restore/);
    deepStrictEqual(host.units, []);
    strictEqual(host.read(EVM_FILE).toString(), "what runs now");
  });

  it("are read to their last byte by the drills of ten weeks", async () => {
    await run();
    damage(join(host.root, REPOSITORY, "data"));
    const restic = await openRestic(host.host, host.settings());
    const parts = Array.from({ length: 10 }, (_, week) => subset(new Date(Date.UTC(2026, 0, 5 + 7 * week))));
    strictEqual(new Set(parts).size, 10);
    const checks = await Promise.allSettled(
      parts.map((part) => restic.run("check", "--no-lock", `--read-data-subset=${part}`)),
    );
    ok(checks.some(({ status }) => status === "rejected"));
  });

  it("go to no second repository where the password is another one", async () => {
    await run();
    host.write("/credentials/backup-password", "another\n");
    host.units.splice(0);
    await rejects(run(), /cannot be opened/);
    deepStrictEqual(host.units, []);
    match((await backupState(host.host)).failure?.reason ?? "", /cannot be opened/);
  });

  it("are not restored from where there is none of that id", async () => {
    await run();
    await rejects(
      restoreBackup(host.host, host.settings(), "ffffffffff", quiet),
      /has no backup ffffffffff of backup-a/,
    );
  });
});

/** Changes one bit in the largest pack: it holds what files hold. */
function damage(folder: string): void {
  const packs = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort((one, other) => statSync(other).size - statSync(one).size);
  const [largest = ""] = packs;
  const bytes = readFileSync(largest);
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  // restic makes its files read-only.
  chmodSync(largest, 0o600);
  writeFileSync(largest, bytes);
}

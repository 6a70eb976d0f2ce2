import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect } from "chai";
import { readAudit } from "../../../agent/audit";
import { BLOCKS, HISTORY, STATE_FILE } from "../../../agent/chain/layout";
import { prepareChain } from "../../../agent/chain/prepare";
import { EMPTY, type RecoveryRecord, readRecovery, writeRecovery } from "../../../agent/chain/record";
import { BLOCK_LOG, SHIP_LOG } from "../../../agent/snapshots/layout";
import { hashOf, recordPath, writeRecord } from "../../../agent/snapshots/record";
import { readSnapshot } from "../../../agent/snapshots/snapshot-file";
import type { System } from "../../../agent/system";
import { CHAIN_SETTINGS } from "../../../components/core/services/nodeos-files";
import { CHAIN_ID, ChainHost, database, NEWER, OLDER, SETTINGS_WITH_SHIP } from "../snapshots/chain";

const FAILED: RecoveryRecord = {
  ...EMPTY,
  cause: "nodeos did not close its state",
  dirtyStarts: 1,
  tries: [{ rung: "replay", begun: "2026-01-01T00:00:00Z", result: "failed" }],
};

describe("the ladder's snapshot of a mirror", () => {
  let host: ChainHost;
  let mirror: string;
  /** The host, whose `snapshots fetch` copies what lies in the folder of the mirror, or says why not. */
  let system: System;
  const asked: string[] = [];

  beforeEach(async () => {
    host = new ChainHost();
    mirror = mkdtempSync(join(tmpdir(), "nodewright-mirror-"));
    asked.length = 0;
    system = {
      ...host.system,
      run: async (command, input) => {
        if (!command[0].endsWith("/nodewright-host")) return host.system.run(command, input);
        asked.push(command.slice(1).join(" "));
        const isThere = existsSync(join(mirror, basename(NEWER)));
        if (isThere) cpSync(mirror, join(host.root, NEWER, ".."), { recursive: true });
        return { code: isThere ? 0 : 1, stdout: Buffer.from(""), stderr: isThere ? "" : "404 Not Found\n" };
      },
    };
    host.write(CHAIN_SETTINGS, JSON.stringify(SETTINGS_WITH_SHIP));
    host.write("/etc/nodewright/snapshots.json", JSON.stringify({ from: { mirror: "https://m.example" } }));
    await publish();
    for (const path of [NEWER, OLDER]) host.erase(path);
    host.write(STATE_FILE, database(true));
  });
  afterEach(() => {
    host.remove();
    rmSync(mirror, { recursive: true });
  });

  /** The newer snapshot of the host, as another host published it. */
  async function publish(): Promise<void> {
    const { isOfChain: _, time, ...facts } = await readSnapshot(host.system, NEWER);
    const sha256 = await hashOf(host.system, NEWER);
    const about = { ...facts, time: time.toISOString(), sha256, chainId: CHAIN_ID };
    await writeRecord(host.system, NEWER, { ...about, origin: "fetched" });
    mkdirSync(mirror, { recursive: true });
    for (const path of [NEWER, recordPath(NEWER)])
      cpSync(join(host.root, path), join(mirror, basename(path)));
    host.erase(recordPath(NEWER));
  }
  const prepare = () => prepareChain(system, () => {});
  const has = (path: string) => existsSync(join(host.root, path));

  it("keeps a block log and a state history that reach it", async () => {
    await writeRecovery(system, FAILED);
    expect(await prepare()).to.deep.equal(["--snapshot", NEWER]);
    expect(asked).to.deep.equal(["snapshots fetch"]);
    expect([has(BLOCK_LOG), has(SHIP_LOG), has(STATE_FILE)]).to.deep.equal([true, true, false]);
    const told = (await readAudit(system)).map(({ what }) => what);
    expect(told).to.deep.equal(["recovery by published"]);
  });

  it("begins a state history anew that ends before it", async () => {
    await writeRecovery(system, FAILED);
    host.erase(HISTORY);
    host.write(`${HISTORY}/other`, "");
    expect(await prepare()).to.deep.equal(["--snapshot", NEWER]);
    expect([has(BLOCK_LOG), has(HISTORY)]).to.deep.equal([true, false]);
  });

  it("begins with it where there is no block log", async () => {
    host.erase(BLOCKS);
    expect(await prepare()).to.deep.equal(["--snapshot", NEWER]);
    expect(has(HISTORY)).to.equal(false);
    expect((await readRecovery(system)).tries).to.have.lengthOf(1);
  });

  it("says why there is none, and stops at the next start", async () => {
    await writeRecovery(system, FAILED);
    rmSync(join(mirror, basename(NEWER)));
    const first = await prepare().catch((error: Error) => error.message);
    expect(first).to.equal("no snapshot could be fetched: 404 Not Found");
    const second = await prepare().catch((error: Error) => error.message);
    expect(second).to.match(/published failed .*404 Not Found.*remedy: put a snapshot/s);
    expect([has(STATE_FILE), has(BLOCK_LOG)]).to.deep.equal([true, true]);
    expect((await readAudit(system)).map(({ result }) => result)).to.deep.equal([
      undefined,
      "failed",
      "failed",
    ]);
  });

  it("is not asked for where the plan names no mirror", async () => {
    await writeRecovery(system, FAILED);
    host.write("/etc/nodewright/snapshots.json", "{}");
    expect(await prepare().catch((error: Error) => error.message)).to.include("none is configured");
    expect(asked).to.deep.equal([]);
  });
});

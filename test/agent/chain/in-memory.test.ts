import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readAudit } from "../../../agent/audit";
import { ASIDE, DATABASE, REVERSIBLE, STATE } from "../../../agent/chain/layout";
import { prepareChain } from "../../../agent/chain/prepare";
import { EMPTY, readRecovery, withEnd, writeRecovery } from "../../../agent/chain/record";
import { BLOCK_LOG, SHIP_LOG } from "../../../agent/snapshots/layout";
import { CHAIN_SETTINGS, STATE_IN_MEMORY } from "../../../components/core/services/nodeos-files";
import { ChainHost, database, NEWER, SETTINGS_WITH_SHIP } from "../snapshots/chain";

const SETTINGS = { ...SETTINGS_WITH_SHIP, state: STATE_IN_MEMORY };

const CLEAN = database(false);
const DIRTY = database(true);

describe("a state in memory", () => {
  let host: ChainHost;
  /** A real file system where this process may mount one, else a folder. */
  let mounted = "";

  beforeEach(() => {
    host = new ChainHost();
    host.write(CHAIN_SETTINGS, JSON.stringify(SETTINGS));
    host.write(`${REVERSIBLE}/fork_db.dat`, "some forks");
    mounted = join(host.root, STATE_IN_MEMORY);
    mkdirSync(mounted);
    if (process.getuid?.() !== 0) return;
    const words = ["-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", mounted];
    strictEqual(spawnSync("mount", words).status, 0);
  });
  afterEach(() => {
    if (process.getuid?.() === 0) strictEqual(spawnSync("umount", [mounted]).status, 0);
    host.remove();
  });

  const prepare = () => prepareChain(host.system, () => {});
  const at = (path: string) => existsSync(join(host.root, path));
  const inMemory = () => readdirSync(mounted);
  const hold = (content: Buffer) => host.write(`${STATE_IN_MEMORY}/${DATABASE}`, content);
  /** What was put aside, by its path in nodeos' folder. */
  const aside = () =>
    at(ASIDE)
      ? readdirSync(join(host.root, ASIDE), { recursive: true })
          .map((path) => String(path).replace(/^[^/]*\/?/, ""))
          .filter((path) => path.endsWith(DATABASE))
      : [];
  const dirtyStarts = async () => (await readRecovery(host.system)).dirtyStarts;

  it("is kept while nodeos alone is started anew", async () => {
    hold(CLEAN);
    deepStrictEqual(await prepare(), []);
    deepStrictEqual(inMemory(), [DATABASE]);
  });

  it("comes from the newest good snapshot after a restart of the host, with both logs, and counts as no fault", async () => {
    deepStrictEqual(await prepare(), ["--snapshot", NEWER]);
    strictEqual(await dirtyStarts(), 0);
    deepStrictEqual([at(BLOCK_LOG), at(SHIP_LOG)], [true, true]);
    const [told] = await readAudit(host.system);
    match(told?.what ?? "", /^as planned, the state lay in memory/);
  });

  it("that another plan puts on the disk comes from a snapshot, too, and counts as no fault", async () => {
    host.write(CHAIN_SETTINGS, JSON.stringify({ ...SETTINGS, state: STATE }));
    deepStrictEqual(await prepare(), ["--snapshot", NEWER]);
    strictEqual(await dirtyStarts(), 0);
  });

  it("that nodeos did not close is taken out of its mount, and kept nowhere", async () => {
    hold(DIRTY);
    deepStrictEqual(await prepare(), ["--snapshot", NEWER]);
    deepStrictEqual([inMemory(), aside(), await dirtyStarts()], [[], [], 1]);
  });

  it("that was closed, and whose logs do not fit it, is copied to the disk first", async () => {
    hold(CLEAN);
    host.write(`${REVERSIBLE}/fork_db.dat`, "");
    deepStrictEqual(await prepare(), ["--snapshot", NEWER]);
    deepStrictEqual([inMemory(), aside()], [[], [`tmpfs/${DATABASE}`]]);
  });

  it("is what a plan before left on the disk", async () => {
    host.write(`${STATE}/${DATABASE}`, CLEAN);
    host.write(`${STATE_IN_MEMORY}/.carried`, "half of it, from a start that was killed");
    deepStrictEqual(await prepare(), []);
    deepStrictEqual([inMemory(), at(STATE), aside()], [[DATABASE], false, []]);
    deepStrictEqual(host.read(`${STATE_IN_MEMORY}/${DATABASE}`), CLEAN);
  });

  for (const [what, onDisk, held] of [
    ["was not closed", DIRTY, undefined],
    ["is larger than the memory for it", Buffer.concat([CLEAN, Buffer.alloc(2 ** 21, 1)]), undefined],
    ["is older than the one in memory", CLEAN, CLEAN],
  ] as const)
    it(`never is one on the disk that ${what}`, async function () {
      if (onDisk.length > 2 ** 20 && process.getuid?.() !== 0) this.skip();
      host.write(`${STATE}/${DATABASE}`, onDisk);
      if (held) hold(held);
      deepStrictEqual(await prepare(), held ? [] : ["--snapshot", NEWER]);
      deepStrictEqual(
        [inMemory(), at(STATE), aside()],
        [held ? [DATABASE] : [], false, [`state/${DATABASE}`]],
      );
    });

  it("that is full says which setting is too small", async () => {
    host.write(CHAIN_SETTINGS, JSON.stringify({ ...SETTINGS, diskThreshold: 99.9 }));
    host.system.space = async (path) => ({ freeBytes: path === STATE_IN_MEMORY ? 0 : 50, totalBytes: 100 });
    await rejects(prepare(), /tmpfs is 100 % full.*remedy: give services\.nodeos\.stateSize more/s);
  });
});

describe("recoveries that succeed and do not bring the chain on", () => {
  it("stop after five, and say so", async () => {
    const host = new ChainHost();
    try {
      host.write(CHAIN_SETTINGS, JSON.stringify({ ...SETTINGS, state: STATE }));
      await writeRecovery(host.system, EMPTY);
      for (let count = 0; count < 5; count++) {
        host.write(`${STATE}/${DATABASE}`, DIRTY);
        deepStrictEqual(await prepareChain(host.system, () => {}), ["--snapshot", NEWER]);
        // As it is noted when nodeos answers.
        await writeRecovery(host.system, withEnd(await readRecovery(host.system), { result: "ok" }));
      }
      host.write(`${STATE}/${DATABASE}`, DIRTY);
      await rejects(
        prepareChain(host.system, () => {}),
        /5 recoveries in a row did not bring the chain on/,
      );
    } finally {
      host.remove();
    }
  });
});

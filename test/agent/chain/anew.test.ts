import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readAudit } from "../../../agent/audit";
import { askAnew, BEGIN_ANEW } from "../../../agent/chain/anew";
import { ASIDE, DATABASE, REVERSIBLE, STATE } from "../../../agent/chain/layout";
import { prepareChain } from "../../../agent/chain/prepare";
import { BLOCK_LOG, SHIP_LOG } from "../../../agent/snapshots/layout";
import { blockIdAt } from "../../../agent/snapshots/logs";
import { CHAIN_SETTINGS } from "../../../components/core/services/nodeos-files";
import { ChainHost, database, NEWER, OLDER, SETTINGS_WITH_SHIP } from "../snapshots/chain";

const OTHER_ID = "ab".repeat(32);
/** Between the two snapshots of the chain, at 104 and 113, which ends with 159. */
const FORK = 110;
const LAST = 159;
const FROM_GENESIS = ["--genesis-json", "/etc/nodeos/genesis.json"];

describe("a chain whose group has another block in the place of one of its own", () => {
  let host: ChainHost;

  beforeEach(() => {
    host = new ChainHost();
    host.write(
      CHAIN_SETTINGS,
      JSON.stringify({ ...SETTINGS_WITH_SHIP, genesis: "/etc/nodeos/genesis.json" }),
    );
    host.write(`${STATE}/${DATABASE}`, database(false));
    host.write(`${REVERSIBLE}/fork_db.dat`, "some forks");
  });
  afterEach(() => host.remove());

  const prepare = () => prepareChain(host.system, () => {});
  const at = (path: string) => existsSync(join(host.root, path));

  it("is put aside with the snapshots of it, and begins from one that is common to both", async () => {
    strictEqual(await askAnew(host.system, { number: FORK, id: OTHER_ID }), true);
    await rejects(prepare(), { kind: "anew", message: /^put another chain aside: from block 110 on/ });
    deepStrictEqual([OLDER, NEWER, BLOCK_LOG, SHIP_LOG, STATE].map(at), [true, false, false, false, false]);
    const kept = readdirSync(join(host.root, ASIDE), { recursive: true }).map((path) =>
      String(path).replace(/^[^/]*\/?/, ""),
    );
    for (const path of ["blocks/blocks.log", "state-history/trace_history.log", `state/${DATABASE}`])
      strictEqual(kept.includes(path), true, path);
    deepStrictEqual(await prepare(), ["--snapshot", OLDER]);
    match((await readAudit(host.system)).map(({ what }) => what).join("\n"), /put another chain aside/);
  });

  it("begins from the genesis where no snapshot is common", async () => {
    await askAnew(host.system, { number: 100, id: OTHER_ID });
    await rejects(prepare(), { kind: "anew" });
    deepStrictEqual([at(OLDER), at(NEWER)], [false, false]);
    deepStrictEqual(await prepare(), FROM_GENESIS);
  });

  it("begins anew for the last block of its log, too, whose id the log does not tell", async () => {
    await askAnew(host.system, { number: LAST, id: OTHER_ID });
    await rejects(prepare(), { kind: "anew" });
  });

  it("begins anew once, whatever it then becomes", async () => {
    await askAnew(host.system, { number: FORK, id: OTHER_ID });
    await rejects(prepare(), { kind: "anew" });
    const again = new ChainHost();
    for (const path of [BLOCK_LOG, BLOCK_LOG.replace(".log", ".index")]) host.write(path, again.read(path));
    again.remove();
    deepStrictEqual(await prepare(), ["--snapshot", OLDER]);
  });

  it("is left alone where it has that very block, or none of that number", async () => {
    const id = (await blockIdAt(host.system, BLOCK_LOG, FORK)) ?? "";
    for (const block of [
      { number: FORK, id },
      { number: LAST + 1, id: OTHER_ID },
    ]) {
      await askAnew(host.system, block);
      deepStrictEqual(await prepare(), []);
    }
    strictEqual(at(ASIDE), false);
  });

  it("is not asked for a second time within the hour, but for another block", async () => {
    const ask = (number: number, id: string) => askAnew(host.system, { number, id });
    deepStrictEqual([await ask(FORK, OTHER_ID), await ask(FORK, OTHER_ID)], [true, false]);
    strictEqual(await ask(FORK, "cd".repeat(32)), true);
    host.system.now = () => new Date(Date.now() + 3_600_000);
    strictEqual(await ask(FORK, "cd".repeat(32)), true);
    strictEqual(at(BEGIN_ANEW), true);
  });
});

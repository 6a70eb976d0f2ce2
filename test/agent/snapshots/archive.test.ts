import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { safetyChecks } from "../../../agent/safety";
import { historyOf, lacks } from "../../../agent/snapshots/history";
import { BLOCK_LOG, SHIP_LOG } from "../../../agent/snapshots/layout";
import { noteSnapshot } from "../../../agent/snapshots/state";
import { SNAPSHOT_SETTINGS } from "../../../components/core/services/nodeos-files";
import { ChainHost } from "./chain";

const BLOCK_INDEX = BLOCK_LOG.replace(".log", ".index");
const SHIP_INDEX = SHIP_LOG.replace(".log", ".index");
/** The chain's first block is of 2026-01-01. */
const AFTER = "2026-01-02T00:00:00Z";
const BEFORE = "2025-12-31T00:00:00Z";
const ENTRY_BYTES = 8;

describe("the proof of an archive", () => {
  let host: ChainHost;
  beforeEach(() => {
    host = new ChainHost();
  });
  afterEach(() => host.remove());

  const faults = async (before?: string) => lacks(await historyOf(host.system), before).join("; ");
  const settings = (before: string) =>
    host.write(
      SNAPSHOT_SETTINGS,
      JSON.stringify({ network: "lab", api: "http://a", control: "http://b", keep: 3, before }),
    );

  it("is what its logs themselves hold", async () => {
    const { blocks, ship } = await historyOf(host.system);
    deepStrictEqual(blocks, { first: 1, last: 159, unbroken: true, since: "2026-01-01T00:00:00.000Z" });
    deepStrictEqual(ship, { first: 2, last: 160, unbroken: true });
    strictEqual(await faults(AFTER), "");
  });

  const rows: [what: string, make: () => void, tells: RegExp][] = [
    ["blocks", () => host.erase(BLOCK_LOG), /it has no block log/],
    ["state history", () => host.erase(SHIP_LOG), /it has no state history/],
    [
      "a block of its log",
      () => host.write(BLOCK_INDEX, host.read(BLOCK_INDEX).subarray(ENTRY_BYTES)),
      /its block log has a gap/,
    ],
    [
      "a block of its history",
      () => host.write(SHIP_INDEX, host.read(SHIP_INDEX).subarray(ENTRY_BYTES)),
      /its state history has a gap/,
    ],
    ["an index", () => host.erase(BLOCK_INDEX), /its block log has no index to tell gaps by/],
  ];
  for (const [what, make, tells] of rows)
    it(`fails without ${what}`, async () => {
      make();
      match(await faults(), tells);
    });

  it("fails where it begins after the EVM genesis, or its state history after or before its blocks", () => {
    const looked = AFTER;
    const blocks = { first: 100, last: 200, unbroken: true, since: "2026-01-01T00:00:00.000Z" };
    const ship = { first: 101, last: 201, unbroken: true };
    deepStrictEqual(lacks({ looked, blocks, ship }, AFTER), []);
    match(lacks({ looked, blocks, ship }, BEFORE).join(), /its first block is of 2026-01-01/);
    match(lacks({ looked, blocks, ship: { ...ship, first: 150 } }, AFTER).join(), /begins with 150/);
    match(lacks({ looked, blocks, ship: { ...ship, last: 190 } }, AFTER).join(), /ends with 190/);
  });

  it("takes no block that nodeos writes meanwhile for a gap", async () => {
    const whole = host.read(BLOCK_INDEX);
    host.write(BLOCK_INDEX, Buffer.concat([whole, Buffer.alloc(ENTRY_BYTES)]));
    setTimeout(() => host.write(BLOCK_INDEX, whole), 100);
    strictEqual((await historyOf(host.system)).blocks?.unbroken, true);
  });

  it("is in the status: looked at, found whole, found lacking", async () => {
    const verdicts = async () =>
      (await safetyChecks(host.system, "archive")).map(({ verdict, detail }) => `${verdict} ${detail}`);
    settings(AFTER);
    match((await verdicts()).join(), /^warning nobody has looked yet/);
    await noteSnapshot(host.system, { failure: "its disk is full" });
    const [failed, whole] = await verdicts();
    match(failed ?? "", /^warning the snapshot of .* failed: its disk is full/);
    match(whole ?? "", /^ok every block from 1 to 159, state history from 2 to 160/);
    settings(BEFORE);
    match((await verdicts()).at(-1) ?? "", /^failed this archive: its first block is of/);
    deepStrictEqual(await safetyChecks(host.system, "rpc"), [
      { name: "safety", verdict: "warning", detail: failed?.replace("warning ", "") },
    ]);
  });
});

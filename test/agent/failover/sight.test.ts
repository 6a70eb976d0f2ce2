import { expect } from "chai";
import type { Group } from "../../../agent/failover/group";
import type { ChainView } from "../../../agent/failover/nodeos-control";
import { Sight } from "../../../agent/failover/sight";

const MARK = { number: 100, id: "made", time: "", host: "a", term: 1, modified: "1" };

interface Case {
  head: number;
  lib?: number;
  /** Id of the block of the watermark's number, where the chain has one. */
  at?: string;
  /** What the maker says of itself. */
  makerLeftOut?: string;
  /** Whether the schedule knows no other producer. */
  alone?: true;
}

/** As one host sees its chain, and what it then says of itself. */
async function sees(host: string, { head, lib = 50, at, makerLeftOut, alone }: Case) {
  const hosts = new Map(
    makerLeftOut === undefined
      ? []
      : [["a", { leftOut: makerLeftOut, hindrances: [], phase: "standby" as const, time: "" }]],
  );
  const group = { watermark: MARK, hosts, maintenance: new Set(), history: [] } as unknown as Group;
  const nodeos = { blockId: async () => at };
  const sight = new Sight({
    settings: { host, producer: "ours" },
    nodeos,
  } as unknown as ConstructorParameters<typeof Sight>[0]);
  const view = {
    head: { number: head, id: head === MARK.number ? at : "head" },
    lib,
    schedule: ["ours", ...(alone ? [] : ["other"])],
  } as ChainView;
  return { has: await sight.looksForWatermark(view, group), leftOut: sight.leftOut };
}

const CASES: [name: string, host: string, Case, { has: boolean; leftOut?: string }][] = [
  ["has it", "b", { head: 120, at: "made" }, { has: true }],
  ["is not that far yet", "a", { head: 99 }, { has: false }],
  ["has another one", "b", { head: 120, at: "other" }, { has: false }],
  ["has another one as its head, and made the one", "a", { head: 100, at: "other" }, { has: false }],
  ["has gone on without it, and made it", "a", { head: 101, at: "other" }, { has: true, leftOut: "made" }],
  [
    "has gone on without it, as its maker has",
    "b",
    { head: 101, at: "other", makerLeftOut: "made" },
    { has: true },
  ],
  ["is not that far, though its maker left it out", "b", { head: 99, makerLeftOut: "made" }, { has: false }],
  [
    "has another one, and its maker left out an earlier",
    "b",
    { head: 101, at: "other", makerLeftOut: "old" },
    { has: false },
  ],
  ["keeps no block of that number", "a", { head: 120 }, { has: false }],
  ["is final beyond it", "b", { head: 500, lib: 101, at: "other" }, { has: true }],
  [
    "is final beyond it by its own word alone",
    "b",
    { head: 500, lib: 499, at: "other", alone: true },
    { has: false },
  ],
];

describe("the last block that was made, to a host whose chain", () => {
  for (const [name, host, given, { has, leftOut }] of CASES)
    it(name, async () => expect(await sees(host, given)).to.deep.equal({ has, leftOut }));

  it("has it again no more says that it left it out", async () => {
    const group = { watermark: MARK, hosts: new Map() } as unknown as Group;
    const ids = ["other", "made"];
    const sight = new Sight({
      settings: { host: "a" },
      nodeos: { blockId: async () => ids.shift() },
    } as unknown as ConstructorParameters<typeof Sight>[0]);
    const view = { head: { number: 120, id: "head" }, lib: 50, schedule: [] as string[] } as ChainView;
    await sight.looksForWatermark(view, group);
    expect(sight.leftOut).to.equal("made");
    await sight.looksForWatermark(view, group);
    expect(sight.leftOut).to.equal(undefined);
  });
});

describe("the chain of a host that was alone for a while", () => {
  const BEGINNINGS = [10, 20, 30, 40].map((number) => ({ term: number / 10, number, id: `ours ${number}` }));

  /** Its chain has the group's blocks up to `common`, and others from there to `lib`, which is final. */
  const looks = (common: number, lib: number, schedule = ["ours"]) =>
    new Sight({
      settings: { host: "a", producer: "ours" },
      nodeos: {
        blockId: async (number: number) =>
          number > lib ? undefined : number <= common ? `ours ${number}` : "its own",
      },
    } as unknown as ConstructorParameters<typeof Sight>[0]).looksForOtherChain(
      { lib, schedule } as ChainView,
      { beginnings: BEGINNINGS } as unknown as Group,
    );

  it("is another one from the first block on that it has another of", async () => {
    expect((await looks(19, 45))?.number).to.equal(20);
    expect((await looks(29, 30))?.number).to.equal(30);
  });

  it("is the group's where it only lags, or is alone beyond all that is known", async () => {
    expect(await looks(25, 25)).to.equal(undefined);
    expect(await looks(40, 45)).to.equal(undefined);
    expect(await looks(29, 29)).to.equal(undefined);
  });

  it("is nobody's to judge here where other producers' finality says it", async () => {
    expect(await looks(19, 45, ["ours", "other"])).to.equal(undefined);
  });
});

describe("the group, to a host that etcd did not answer for a while", () => {
  const LEASE = 20;
  let now: number;
  let sight: Sight;
  beforeEach(async () => {
    now = 0;
    const view = { head: { number: 120, id: "head" }, lib: 50, schedule: ["ours", "other"] };
    sight = new Sight({
      settings: { host: "b", producer: "ours", timing: { leaseSeconds: LEASE } },
      store: { read: async () => ({ watermark: MARK, hosts: new Map() }) },
      nodeos: { look: async () => view, blockId: async () => "made" },
      clock: () => now,
    } as unknown as ConstructorParameters<typeof Sight>[0]);
    await sight.lookAtGroup();
    await sight.lookAtChain(false);
  });
  const knows = () => sight.seen(undefined).group !== undefined;

  it("is known from look to look", async () => {
    now = LEASE * 1000 - 1;
    await sight.lookAtGroup();
    expect(knows()).to.equal(true);
  });

  it("is known again once its chain was held against it, and not before", async () => {
    now = LEASE * 1000;
    expect(knows()).to.equal(false);
    await sight.lookAtGroup();
    expect(knows()).to.equal(false);
    now += 1;
    await sight.lookAtChain(false);
    expect(knows()).to.equal(true);
  });
});

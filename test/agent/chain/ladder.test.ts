import { expect } from "chai";
import { type ChainFacts, type Means, nextStep } from "../../../agent/chain/ladder";
import { EMPTY, type RecoveryRecord, type Try } from "../../../agent/chain/record";

const DIRTY: ChainFacts = {
  state: { is: "dirty", why: "nodeos did not close its state" },
  inMemory: false,
  log: { first: 1, last: 500, bytes: 1_000 },
  ship: { first: 2, last: 500, bytes: 2_000 },
  doubts: [],
  freeBytes: 1_000_000,
};
const SNAPSHOT = { path: "/s/a.bin", block: 400, dropsHistory: false };
const MEANS: Means = { snapshot: SNAPSHOT, skipped: [], mayFetch: true };
const LAST: Means = { skipped: ["skipped b.bin: it is of another chain"], mayFetch: false };

const tried = (rung: Try["rung"], result: Try["result"], snapshot?: string): Try => ({
  rung,
  result,
  begun: "2026-01-01T00:00:00Z",
  ...(snapshot ? { snapshot } : {}),
});
const once = (...tries: Try[]): RecoveryRecord => ({ ...EMPTY, cause: "dirty", tries });

const step = (
  facts: Partial<ChainFacts> = {},
  record: RecoveryRecord = EMPTY,
  means: Partial<Means> = {},
  settings: { keepsHistory?: boolean; genesis?: string } = {},
) =>
  nextStep(
    { ...DIRTY, ...facts },
    record,
    { skipped: [], mayFetch: false, ...means },
    { keepsHistory: false, ...settings },
  );
const says = (given: ReturnType<typeof step>) => (given.does === "try" ? given.rung : given.does);

describe("the ladder of nodeos", () => {
  const CLEAN = { state: { is: "clean" as const } };
  const ROWS: [what: string, given: ReturnType<typeof step>, expected: string][] = [
    ["starts what is clean", step(CLEAN), "start"],
    ["recovers from a snapshot first", step({}, EMPTY, MEANS), "snapshot"],
    ["replays where there is none", step(), "replay"],
    [
      "recovers a clean state with logs that do not fit it",
      step({ ...CLEAN, doubts: ["cut"] }, EMPTY, MEANS),
      "snapshot",
    ],
    ["recovers logs without a state", step({ state: { is: "none" } }, EMPTY, MEANS), "snapshot"],
    [
      "does not trust what a failed try left",
      step(CLEAN, once(tried("snapshot", "failed", "/s/a.bin"))),
      "replay",
    ],
    ["trusts what a try left that has succeeded", step(CLEAN, once(tried("replay", "ok"))), "start"],
    [
      "tries the same again where it was killed from outside",
      step({}, once(tried("replay", "interrupted"))),
      "replay",
    ],
    ["does so five times", step({}, once(...Array<Try>(5).fill(tried("replay", "interrupted")))), "stop"],
    [
      "fetches when a replay has failed",
      step({}, once(tried("replay", "failed")), { mayFetch: true }),
      "published",
    ],
    [
      "fetches where the log does not begin with the chain",
      step({ log: { first: 9, last: 500, bytes: 1 } }, EMPTY, { mayFetch: true }),
      "published",
    ],
    [
      "fetches where there is no room for a replay",
      step({ freeBytes: 2_999 }, EMPTY, { mayFetch: true }),
      "published",
    ],
    [
      "never begins an archive's history anew",
      step({ freeBytes: 0 }, EMPTY, { mayFetch: true }, { keepsHistory: true }),
      "stop",
    ],
    [
      "stops when all was tried",
      step({}, once(tried("replay", "failed"), tried("published", "failed")), { mayFetch: true }),
      "stop",
    ],
    [
      "stops when recoveries do not bring the chain on",
      step({}, { ...EMPTY, withoutProgress: 6 }, MEANS),
      "stop",
    ],
    [
      "is born from a genesis",
      step({ state: { is: "none" }, log: undefined }, EMPTY, {}, { genesis: "/g" }),
      "start",
    ],
    [
      "joins a public chain by a snapshot",
      step({ state: { is: "none" }, log: undefined }, EMPTY, MEANS),
      "snapshot",
    ],
    [
      "does not begin a chain of its own in place of a public one",
      step({ state: { is: "none" }, log: undefined }),
      "stop",
    ],
  ];
  for (const [what, given, expected] of ROWS)
    it(what, () => {
      expect(says(given)).to.equal(expected);
    });

  it("stops with every reason and a remedy", () => {
    const stopped = step({ freeBytes: 0 }, once(tried("snapshot", "failed", "/s/a.bin")), LAST);
    expect(stopped)
      .to.have.property("reason")
      .that.matches(
        /another chain.*no replay: it needs 3000 bytes.*no snapshot of a mirror.*snapshot from \/s\/a.bin failed/,
      );
    expect(stopped).to.have.property("remedy").that.includes("systemctl start nodeos");
  });
});

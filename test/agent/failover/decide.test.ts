import { expect } from "chai";
import { decide } from "../../../agent/failover/decide";
import type { Group, HostState } from "../../../agent/failover/group";
import type { ChainView } from "../../../agent/failover/nodeos-control";
import type { Memory, Seen } from "../../../agent/failover/seen";
import type { FailoverSettings } from "../../../components/core/failover/settings";
import { DEFAULT_TIMING } from "../../../components/core/failover/timing";

const NOW = 1_000_000;
const WALL = Date.parse("2026-11-22T08:00:01Z");

const settings: FailoverSettings = {
  stack: "s",
  group: "g",
  producer: "prod",
  host: "b",
  hosts: ["a", "b", "c"].map((name) => ({ name, key: name, domain: name })),
  primary: "a",
  etcd: { endpoints: [], ca: "", certificate: "", key: "" },
  timing: DEFAULT_TIMING,
  nodeos: { api: "http://x", chain: "http://x", maxIrreversibleAgeSeconds: 2 },
  diskFloorPercent: 10,
  minimumPeers: 1,
};

const chainAt = (changes: Partial<ChainView> = {}): ChainView => ({
  chainId: "c",
  head: { number: 100, id: "id", time: "2026-11-22T08:00:00.500" },
  producer: "prod",
  lib: 99,
  libTime: WALL,
  paused: true,
  peers: 2,
  peersHead: 100,
  schedule: ["prod"],
  ...changes,
});

const stateAt = (head: number, hindrances: string[] = []): HostState => ({
  head: { number: head, id: "id", time: "2026-11-22T08:00:00.500" },
  hindrances,
  phase: "standby",
  time: "2026-11-22T08:00:00Z",
});

const TERM = { term: 1, host: "a", reason: "", time: "" };
const HELD_BY_A = { host: "a", term: 1, since: "", reason: "", modified: "1" };
const groupOf = (changes: Partial<Group> = {}): Group => ({
  hosts: new Map(),
  maintenance: new Set(),
  history: [TERM],
  beginnings: [],
  ...changes,
});

const seenAs = (changes: Partial<Seen> = {}): Seen => ({
  now: NOW,
  wall: WALL,
  chain: chainAt(),
  group: groupOf(),
  diskFreePercent: 50,
  ...changes,
});

const order = { kind: "move" as const, host: "b", by: "someone", time: "", modified: "2" };
const LONG_AGO: Memory = { vacantSince: NOW - 60_000 };

/** Host b has another block than the group in the place of this one. */
const NOT_OURS = { term: 1, number: 90, id: "a's" };
/** Host a holds, and its chain is final so far. */
const finalTo = (lib: number, changes: Partial<Group> = {}): Group =>
  groupOf({ holder: HELD_BY_A, hosts: new Map([["a", { ...stateAt(100), lib }]]), ...changes });
const STRANGE: Memory = { strangerSince: NOW - DEFAULT_TIMING.leaseSeconds * 1000 };

/** A standby, host b. */
const standby: [what: string, seen: Partial<Seen>, step: string, memory?: Memory][] = [
  ["takes what nobody holds", {}, "take"],
  ["leaves what another holds", { group: groupOf({ holder: HELD_BY_A }) }, "nothing"],
  ["pauses a nodeos that produces all the same", { chain: chainAt({ paused: false }) }, "pause"],
  ["does nothing while etcd's quorum is silent", { group: undefined as never }, "nothing"],
  ["holds on to what is its own", { group: groupOf({ holder: { ...HELD_BY_A, host: "b" } }) }, "adopt"],
  ["does not take without its peers", { chain: chainAt({ peers: 0 }) }, "nothing"],
  [
    "does not take with a key that the chain does not know for its producer",
    { chain: chainAt({ maySign: false }) },
    "nothing",
  ],
  ["takes with a key that it knows", { chain: chainAt({ maySign: true }) }, "take"],
  ["does not take for an account that its chain does not have", { hasProducer: false }, "nothing"],
  ["does not take without the last block made", { hasWatermark: false }, "nothing"],
  ["drops another chain", { notOurs: NOT_OURS, group: finalTo(90) }, "anew", STRANGE],
  ["looks for a lease's time first", { notOurs: NOT_OURS, group: finalTo(90) }, "nothing"],
  ["drops none while nobody holds", { notOurs: NOT_OURS }, "nothing", STRANGE],
  ["drops none before the holder's is final", { notOurs: NOT_OURS, group: finalTo(89) }, "nothing", STRANGE],
  [
    "drops none of a host that an operator has out",
    { notOurs: NOT_OURS, group: finalTo(90, { maintenance: new Set(["b"]) }) },
    "nothing",
    STRANGE,
  ],
  [
    "pauses before it drops its chain",
    { notOurs: NOT_OURS, group: finalTo(90), chain: chainAt({ paused: false }) },
    "pause",
    STRANGE,
  ],
  ["does not take in maintenance", { group: groupOf({ maintenance: new Set(["b"]) }) }, "nothing"],
  ["does not take with a full disk", { diskFreePercent: 5 }, "nothing"],
  ["does not take far behind its peers", { chain: chainAt({ peersHead: 200 }) }, "nothing"],
  ["does not take a minority's fork", { chain: chainAt({ lib: -2000 }) }, "nothing"],
  [
    "does not take another chain",
    { group: groupOf({ hosts: new Map([["a", { ...stateAt(100, ["x"]), chainId: "other" }]]) }) },
    "nothing",
  ],
  ["takes where the whole chain stands still", { wall: WALL + 3_600_000 }, "take"],
  [
    "leaves it to one that is further on",
    { group: groupOf({ hosts: new Map([["c", stateAt(110)]]) }) },
    "nothing",
  ],
  [
    "takes where that one does not",
    { group: groupOf({ hosts: new Map([["c", stateAt(110)]]) }) },
    "take",
    LONG_AGO,
  ],
  [
    "leaves it to the host that an operator named",
    { group: groupOf({ order: { ...order, host: "c" } }) },
    "nothing",
    { vacantSince: NOW - 5_000 },
  ],
  [
    "takes at once where it was named",
    { group: groupOf({ order, hosts: new Map([["c", stateAt(103)]]) }) },
    "take",
  ],
  [
    "makes its own head count where it was told to",
    { hasWatermark: false, group: groupOf({ order: { ...order, kind: "rejoin" } }) },
    "reset",
  ],
  ["lets the primary be the first of all", { group: groupOf({ history: [] }) }, "nothing"],
];

const HOLDS: Partial<Seen> = {
  deadline: NOW + 3_000,
  chain: chainAt({ paused: false }),
  group: groupOf({ holder: { ...HELD_BY_A, host: "b" }, hosts: new Map([["c", stateAt(100)]]) }),
};
const ready = (changes: Partial<Group> = {}): Group =>
  groupOf({ holder: { ...HELD_BY_A, host: "b" }, hosts: new Map([["c", stateAt(100)]]), ...changes });
const SETTLED: Memory = { term: { number: 1, at: NOW - 600_000 }, made: { number: 100, at: NOW } };

/** The holder, host b, with c ready to take over. */
const holder: typeof standby = [
  ["goes on", {}, "nothing"],
  ["resumes a nodeos that is paused", { chain: chainAt() }, "resume"],
  ["does not resume without its own last block", { chain: chainAt(), hasWatermark: false }, "nothing", {}],
  ["is over at its deadline", { deadline: NOW }, "pause"],
  ["lets go where another was named", { group: ready({ order: { ...order, host: "c" } }) }, "yield"],
  [
    "keeps it where the one that was named is not ready",
    { group: ready({ order: { ...order, host: "c" }, hosts: new Map([["c", stateAt(1, ["behind"])]]) }) },
    "nothing",
  ],
  ["lets go in maintenance", { group: ready({ maintenance: new Set(["b"]) }) }, "yield"],
  [
    "lets go of a dead nodeos",
    { chain: undefined as never, silence: { kind: "dead", since: NOW - 2_000 } },
    "yield",
  ],
  [
    "leaves a nodeos that says nothing to the guard",
    { chain: undefined as never, silence: { kind: "mute", since: NOW - 4_000 } },
    "abandon",
  ],
  ["lets go with a full disk", { diskFreePercent: 5 }, "yield"],
  [
    "keeps it with a full disk where nobody is ready",
    { diskFreePercent: 5, group: ready({ hosts: new Map() }) },
    "nothing",
  ],
  [
    "stops after three hours without a peer, whoever is ready",
    { chain: chainAt({ paused: false, peers: 0 }), group: ready({ hosts: new Map() }) },
    "yield",
    { ...SETTLED, lonelySince: NOW - 10_801_000 },
  ],
  ["lets go when it misses its slots", {}, "yield", { ...SETTLED, made: { number: 100, at: NOW - 10_000 } }],
  [
    "does not so soon after a move",
    {},
    "nothing",
    { term: { number: 1, at: NOW - 10_000 }, made: { number: 100, at: NOW - 10_000 } },
  ],
  [
    "counts no slots of others",
    { chain: chainAt({ paused: false, schedule: ["prod", "x", "y"] }) },
    "nothing",
    { ...SETTLED, made: { number: 100, at: NOW - 10_000 } },
  ],
];

describe("what a validator decides", () => {
  const clean = (seen: Seen): Seen =>
    Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined)) as unknown as Seen;
  for (const [what, changes, step, memory = {}] of standby)
    it(`as a standby: ${what}`, () => {
      expect(decide(settings, memory, clean(seenAs(changes))).step.do).to.equal(step);
    });
  for (const [what, changes, step, memory = SETTLED] of holder)
    it(`as the holder: ${what}`, () => {
      expect(decide(settings, memory, clean(seenAs({ ...HOLDS, ...changes }))).step.do).to.equal(step);
    });

  it("never says that it could take over where it does not know the group", () => {
    const { hindrances } = decide(settings, {}, clean(seenAs({ group: undefined as never })));
    expect(hindrances).to.deep.equal(["its group is not known: etcd does not answer"]);
  });
});

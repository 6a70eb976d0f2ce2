import { expect } from "chai";
import { type Candidates, choosePeers, NOTHING_SEEN, type Seen } from "../../../agent/peers/choose";

const MINUTE = 60_000;
const up = (...peers: string[]) => peers.map((peer) => ({ peer, isUp: true }));
const down = (...peers: string[]) => peers.map((peer) => ({ peer, isUp: false }));
const since = (at: number, ...peers: string[]): Seen => ({
  downSince: new Map(peers.map((peer) => [peer, at])),
  restsUntil: new Map(),
});

describe("the choice of peers", () => {
  const list: Candidates = { always: ["a", "b"], others: ["x", "y", "z"], most: 4 };
  const choose = (connections = up(), before: Seen = NOTHING_SEEN, now = 10 * MINUTE, over = {}) => {
    const { connect, disconnect, seen } = choosePeers({ ...list, ...over }, connections, before, now);
    return { connect, disconnect, resting: [...seen.restsUntil.keys()] };
  };
  const ROWS: [what: string, made: ReturnType<typeof choose>, expected: ReturnType<typeof choose>][] = [
    [
      "calls those of the plan first, and others until there are enough",
      choose(),
      { connect: ["a", "b", "x", "y"], disconnect: [], resting: [] },
    ],
    ["leaves well alone", choose(up("a", "b", "x", "y")), { connect: [], disconnect: [], resting: [] }],
    [
      "leaves who is not named any more, and takes another in their place",
      choose(up("a", "b", "old", "y")),
      { connect: ["x"], disconnect: ["old"], resting: [] },
    ],
    [
      "has nothing to say to who called by themselves",
      choose(up("a", "b", "x", "y", "", "")),
      { connect: [], disconnect: [], resting: [] },
    ],
    [
      "gives one that is down time to come back",
      choose([...up("a", "b", "x"), ...down("y")], since(9.5 * MINUTE, "y")),
      { connect: [], disconnect: [], resting: [] },
    ],
    [
      "takes another for one that stays down",
      choose([...up("a", "b", "x"), ...down("y")], since(8 * MINUTE, "y")),
      { connect: ["z"], disconnect: ["y"], resting: ["y"] },
    ],
    [
      "calls one anew that stays down where there is no other",
      choose([...up("a", "b", "x"), ...down("y")], since(8 * MINUTE, "y"), 10 * MINUTE, {
        others: ["x", "y"],
      }),
      { connect: ["y"], disconnect: ["y"], resting: [] },
    ],
    [
      "never gives up one of the plan, and calls it anew now and then",
      choose([...up("b", "x", "y"), ...down("a")], since(8 * MINUTE, "a")),
      { connect: ["a"], disconnect: ["a"], resting: [] },
    ],
    [
      "does not ask again who rests",
      choose(up("a", "b", "x"), { downSince: new Map(), restsUntil: new Map([["y", 11 * MINUTE]]) }),
      { connect: ["z"], disconnect: [], resting: ["y"] },
    ],
    [
      "asks them again after it",
      choose(
        up("a", "b", "x"),
        { downSince: new Map(), restsUntil: new Map([["y", 9 * MINUTE]]) },
        10 * MINUTE,
        { others: ["x", "y"] },
      ),
      { connect: ["y"], disconnect: [], resting: ["y"] },
    ],
    [
      "asks those before whom it never asked",
      choose(up("a", "b", "x"), { downSince: new Map(), restsUntil: new Map([["y", 9 * MINUTE]]) }),
      { connect: ["z"], disconnect: [], resting: ["y"] },
    ],
    [
      "leaves those too many, the silent ones first",
      choose([...up("a", "b"), ...down("x"), ...up("y", "z")], since(9.9 * MINUTE, "x")),
      { connect: [], disconnect: ["x"], resting: [] },
    ],
    [
      "calls all of the plan, be they more than it opens else",
      choose(up(), NOTHING_SEEN, 0, { always: ["a", "b", "c", "d", "e"] }),
      { connect: ["a", "b", "c", "d", "e"], disconnect: [], resting: [] },
    ],
  ];
  for (const [what, made, expected] of ROWS) it(what, () => expect(made).to.deep.equal(expected));

  it("comes to rest: twenty that answer among a hundred that do not are found, and then kept", () => {
    const others = Array.from({ length: 120 }, (_, index) => `p${index}`);
    const answers = (peer: string) => Number(peer.slice(1)) % 6 === 5;
    let called = new Set<string>();
    let seen = NOTHING_SEEN;
    const looks = (count: number, from: number) => {
      const told: string[] = [];
      for (let look = 0; look < count; look++) {
        const connections = [...called].map((peer) => ({ peer, isUp: answers(peer) }));
        const choice = choosePeers({ always: [], others, most: 20 }, connections, seen, from + look * 5_000);
        seen = choice.seen;
        told.push(...choice.connect.filter((peer) => !choice.disconnect.includes(peer)));
        called = new Set(
          [...called].filter((peer) => !choice.disconnect.includes(peer)).concat(choice.connect),
        );
      }
      return told;
    };
    looks(500, 0);
    expect([...called].filter(answers)).to.have.length(20);
    expect(looks(500, 2_500_000), "all answer, so none is exchanged").to.deep.equal([]);
  });
});

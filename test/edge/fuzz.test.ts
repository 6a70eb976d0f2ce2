import { expect } from "chai";
import fc from "fast-check";
import { FakeNode } from "./fake-node";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const RUNS = 10_000;
const AT_ONCE = 16;
/** What the two processes may hold more after all of it than after the first part: their heaps breathe. */
const GROWTH_MB = 96;
const SEED = 20_261_122;
const DENIED = ["admin_peers", "debug_traceCall", "eth_accounts", "eth_newFilter"];

const name = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "eth_call",
      "eth_chainId",
      "eth_getLogs",
      "eth_gasPrice",
      "web3_clientVersion",
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom(...DENIED) },
);
/** Some letters of a string as escapes. */
const escaped = (text: string, which: number) =>
  JSON.stringify(text).replace(/[a-z_]/gi, (letter, at: number) =>
    (which >> (at % 30)) & 1 ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}` : letter,
  );
const text = (of: fc.Arbitrary<string>) =>
  fc.tuple(of, fc.oneof(fc.constant(0), fc.nat(2 ** 30))).map(([value, which]) => escaped(value, which));
const key = text(fc.constantFrom("method", "Method", "METHOD", "id", "params", "jsonrpc", "x"));
const space = fc.constantFrom("", "", " ", "\n", "\t\r", "\u0000", "\u00a0");
const value = fc.oneof(
  text(name),
  fc.json({ maxDepth: 2 }),
  fc.constantFrom("1", '"2.0"', "[]", '["method"]', '{"method":"admin_peers"}'),
);
const member = fc.tuple(space, key, space, value, space).map(([a, k, b, v, c]) => `${a}${k}${b}:${v}${c}`);
const good = name.map((method) => `"jsonrpc":"2.0","id":1,"method":"${method}","params":[]`);
const object = fc
  .oneof(
    good,
    fc.array(member, { maxLength: 6 }).map((members) => members.join(",")),
  )
  .map((inner) => `{${inner}}`);
const body = fc.oneof(
  object,
  fc.array(object, { maxLength: 8 }).map((elements) => `[${elements.join(",")}]`),
  fc.tuple(object, object).map(([first, second]) => `${first}${second}`),
  fc.tuple(object, fc.nat(200)).map(([whole, at]) => whole.slice(0, at)),
  fc.nat(100).map((depth) => `${'{"params":['.repeat(depth)}${"]}".repeat(depth)}`),
);

describe("bodies made to deceive", function () {
  this.timeout(1_200_000);
  let [node, writer]: FakeNode[] = [];
  let edge: WholeEdge;

  before(async () => {
    [node, writer] = [await new FakeNode().start(), await new FakeNode().start()];
    edge = await new WholeEdge().start([node], [writer], { limits: { unitsPerSecond: 1_000_000 } });
    await until("the edge serves", async () => (await fetch(edge.url)).ok);
  });
  after(async () => {
    await edge.stop();
    await Promise.all([node?.stop(), writer?.stop()]);
  });

  const one = async (sent: string) => {
    const response = await fetch(edge.url, { method: "POST", body: sent });
    const said = await response.text();
    expect(response.status, `${JSON.stringify(sent)} → ${said}`).to.be.below(500);
    if (said !== "") expect(() => JSON.parse(said), sent).not.to.throw();
  };
  /** Bodies that are answered side by side; a denied method at a node is one of theirs. */
  const some = async (bodies: readonly string[]) => {
    await Promise.all(bodies.map(one));
    for (const { seen, bodies: got } of [node, writer].filter((each) => each !== undefined)) {
      const denied = seen.filter((method) => DENIED.includes(method));
      expect(denied, `one of ${bodies.map((each) => JSON.stringify(each)).join("\n")}`).to.deep.equal([]);
      seen.length = 0;
      got.length = 0;
    }
  };

  it(`${RUNS} of them crash nothing, get no 5xx and no denied method to a node, and leave no memory behind`, async () => {
    const all = fc.sample(body, { numRuns: RUNS, seed: SEED });
    let before = 0;
    for (let at = 0; at < all.length; at += AT_ONCE) {
      await some(all.slice(at, at + AT_ONCE));
      if (before === 0 && at >= RUNS / 5) before = edge.haproxy.memory();
    }
    expect(edge.haproxy.memory() - before).to.be.below(GROWTH_MB);
    await one('{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}');
    expect(edge.haproxy.output).not.to.match(/ALERT|segfault/);
  });
});

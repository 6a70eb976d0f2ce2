import { expect } from "chai";
import fc from "fast-check";
import { FakeNode } from "./fake-node";
import { WholeEdge } from "./whole-edge";

/** A drill gives more (`EDGE_FUZZ=10000`). */
const RUNS = Number(process.env.EDGE_FUZZ ?? 1_000);
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
  this.timeout(600_000);

  it(`${RUNS} of them crash nothing, get no 5xx and no denied method to a node`, async () => {
    const [node, writer] = [await new FakeNode().start(), await new FakeNode().start()];
    const edge = await new WholeEdge().start([node], [writer], { limits: { unitsPerSecond: 1_000_000 } });
    try {
      for (const sent of fc.sample(body, { numRuns: RUNS, seed: SEED })) {
        const response = await fetch(edge.url, { method: "POST", body: sent });
        const said = await response.text();
        expect(response.status, `${JSON.stringify(sent)} → ${said}`).to.be.below(500);
        if (said !== "") expect(() => JSON.parse(said), sent).not.to.throw();
        for (const { seen } of [node, writer]) {
          expect(
            seen.filter((method) => DENIED.includes(method)),
            JSON.stringify(sent),
          ).to.deep.equal([]);
          seen.length = 0;
        }
        node.bodies.length = 0;
      }
    } finally {
      await edge.stop();
      await Promise.all([node.stop(), writer.stop()]);
    }
  });
});

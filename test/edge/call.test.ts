import { expect } from "chai";
import fc from "fast-check";
import { callText, isCall, readBody } from "../../edge/call";
import { hasControls } from "../../edge/json/controls";
import { JsonError, Scanner } from "../../edge/json/scan";
import { NodeAnswer } from "../../edge/node-answer";

const MOST = 10;

describe("what the edge reads of a body", () => {
  const KEPT: [name: string, text: string, sent: string][] = [
    [
      "a big integer",
      '{"id":1,"method":"m","params":[123456789012345678901234567890]}',
      "123456789012345678901234567890",
    ],
    ["a number's own form", '{"id":1,"method":"m","params":[1.0e+2, -0]}', "[1.0e+2, -0]"],
    ["escapes in strings", '{"id":1,"method":"m","params":["\\u00e9\\/"]}', '["\\u00e9\\/"]'],
    [
      "keys that stand twice in an object of a parameter",
      '{"id":1,"method":"m","params":[{"a":1,"a":2}]}',
      '[{"a":1,"a":2}]',
    ],
  ];
  for (const [name, text, sent] of KEPT)
    it(`keeps ${name}`, () => {
      const body = readBody(text, MOST);
      if (body.kind !== "single" || !isCall(body.element)) throw new Error(JSON.stringify(body));
      expect(callText(body.element, "0")).to.equal(
        `{"id":0,"method":"m","params":${sent.startsWith("[") ? sent : `[${sent}]`}}`,
      );
    });

  const REFUSED: [name: string, text: string, code: number][] = [
    ["no JSON", "{", -32700],
    ["text after the value", '{"id":1,"method":"m"} {"method":"n"}', -32700],
    ["a trailing comma", '{"id":1,"method":"m",}', -32700],
    ["a control character in a string", '{"id":1,"method":"m\u0000"}', -32700],
    ["a number as no JSON has it", '{"id":01,"method":"m"}', -32700],
    ["what nests too deep", `${"[".repeat(70)}${"]".repeat(70)}`, -32700],
    ["an empty batch", "[]", -32600],
    [
      "a batch of too many",
      `[${Array.from({ length: MOST + 1 }, () => '{"method":"m"}').join(",")}]`,
      -32600,
    ],
  ];
  for (const [name, text, code] of REFUSED)
    it(`refuses ${name}`, () => expect(readBody(text, MOST)).to.include({ kind: "refused", code }));

  const MISFITS: [name: string, text: string][] = [
    ["a method that stands twice", '{"id":1,"method":"a","method":"b"}'],
    ["a method in another case", '{"id":1,"Method":"a"}'],
    ["a method in two cases", '{"id":1,"method":"a","METHOD":"b"}'],
    ["a method's key in escapes, twice", '{"id":1,"method":"a","m\\u0065thod":"b"}'],
    ["parameters by the long s", '{"id":1,"method":"a","params":[],"param\u017f":[1]}'],
    ["a method that is a number", '{"id":1,"method":1}'],
    ["an id that is an object", '{"id":{},"method":"a"}'],
    ["no object", "7"],
  ];
  for (const [name, text] of MISFITS)
    it(`takes for no call ${name}`, () => {
      const body = readBody(text, MOST);
      expect(body.kind === "single" && !isCall(body.element) && body.element.code).to.equal(-32600);
    });

  it("resolves an escaped method name before it decides, and sends it plain", () => {
    const body = readBody('{"id":1,"method":"eth_\\u0063all"}', MOST);
    if (body.kind !== "single" || !isCall(body.element)) throw new Error("no call");
    expect(body.element.method).to.equal("eth_call");
    expect(callText(body.element, "1")).to.equal('{"id":1,"method":"eth_call"}');
  });

  const SENT: [name: string, text: string, sent: string][] = [
    [
      "as they came but for their ids",
      '{ "method" : "m", "id":"a", "params":[ 1.0 ] },{"id":7,"method":"n","jsonrpc":"2.0"}',
      '{ "method" : "m", "id":0, "params":[ 1.0 ] },{"id":1,"method":"n","jsonrpc":"2.0"}',
    ],
    ["without keys that nobody knows", '{"x":[{"y":2}],"id":7,"method":"m"}', '{"id":0,"method":"m"}'],
    [
      "put together anew where something in the body is escaped",
      '{"method":"m","id":7},{"method":"\\u006e","id":8}',
      '{"id":0,"method":"m"},{"id":1,"method":"n"}',
    ],
    ["with an id where they had none", '{"params":[],"method":"m"}', '{"id":0,"method":"m","params":[]}'],
  ];
  for (const [name, text, sent] of SENT)
    it(`sends the calls of a batch ${name}`, () => {
      const body = readBody(`[${text}]`, MOST);
      if (body.kind !== "batch") throw new Error(JSON.stringify(body));
      const texts = body.elements.map((each, index) => isCall(each) && callText(each, String(index)));
      expect(texts.join(",")).to.equal(sent);
    });
});

describe("answers", () => {
  it("get the id of the request in place of the edge's", () => {
    expect(NodeAnswer.of('{"jsonrpc":"2.0","id":0,"result":1e400}')?.withId('"a\\u0062"')).to.equal(
      '{"jsonrpc":"2.0","id":"a\\u0062","result":1e400}',
    );
    expect(NodeAnswer.of("<html>")).to.equal(undefined);
    expect(NodeAnswer.of('{"result":1}')).to.equal(undefined);
    expect(NodeAnswer.of('{"id":1,"status":"fine"}')).to.equal(undefined);
  });

  it("of a batch are found in any order", () => {
    const found = NodeAnswer.ofBatch('[{"id":1,"result":"b"}, {"id":0,"result":"a"} ]');
    expect(found?.get(0)?.withId("0")).to.equal('{"id":0,"result":"a"}');
    expect(found?.get(1)?.withId("1")).to.equal('{"id":1,"result":"b"}');
  });
});

describe("the scanner", () => {
  it("takes what JSON.parse takes, up to its depth, and nothing else", () => {
    const shaped = fc.json({ maxDepth: 5 });
    const torn = fc.tuple(
      shaped,
      fc.nat(),
      fc.constantFrom("", ",", "}", "]", '"', "\\", "0", "e", " ", "\u0000", "nul"),
    );
    const text = fc.oneof(
      shaped,
      torn.map(([json, at, piece]) => {
        const place = at % (json.length + 1);
        return `${json.slice(0, place)}${piece}${json.slice(place + (at % 3))}`;
      }),
    );
    fc.assert(
      fc.property(text, (json) => {
        expect(takes(() => wholeValue(json))).to.equal(takes(() => JSON.parse(json)));
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });
});

describe("long texts without control characters", () => {
  it("are read as all others are", () => {
    const piece = fc.constantFrom('"', "\\", "\\u0041", "a", "é", "{", "]", ",", ":");
    const filler = fc.nat(400).map((length) => "x".repeat(length));
    const text = fc
      .array(fc.oneof(piece, filler, fc.json({ maxDepth: 2 })), { maxLength: 8 })
      .map((parts) => `{"k":"${parts.join("")}"}`)
      .filter((json) => !hasControls(Buffer.from(json)));
    fc.assert(
      fc.property(text, (json) => {
        expect(takes(() => wholeValue(json, true))).to.equal(takes(() => JSON.parse(json)));
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  it("are told from others by each of their bytes, wherever they lie in memory", () => {
    for (let offset = 0; offset < 9; offset += 1)
      for (let length = 0; length < 40; length += 1) {
        const bytes = Buffer.alloc(64, 0x01).subarray(offset, offset + length);
        for (const filler of [0x20, 0x7f, 0x80, 0xff]) {
          bytes.fill(filler);
          expect(hasControls(bytes)).to.equal(false);
          for (let at = 0; at < length; at += 1) {
            bytes[at] = 0x1f;
            expect(hasControls(bytes), `${at} of ${length} at ${offset}`).to.equal(true);
            bytes[at] = filler;
          }
        }
      }
  });
});

const wholeValue = (json: string, isClean = false) => {
  const scanner = new Scanner(json, isClean);
  return scanner.whole(() => scanner.value());
};

function takes(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof JsonError || error instanceof SyntaxError) return false;
    throw error;
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { FakeNode } from "./fake-node";
import { rawRequest, statusesOf } from "./raw-request";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const DENIED = '{"jsonrpc":"2.0","id":1,"method":"admin_peers","params":[]}';
const READ = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}';
const post = (headers: readonly string[], body: string, version = "1.1", target = "/") =>
  [`POST ${target} HTTP/${version}`, "host: a", "connection: close", ...headers, "", body].join("\r\n");
/** A whole request that hides where a reader who parts requests otherwise finds the next one. */
const HIDDEN = post([`content-length: ${DENIED.length}`], DENIED);
const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const long = `content-length: ${READ.length}`;

/** Ways to say a length twice, or in a form that readers take differently. */
const LENGTHS: readonly string[][] = [
  ["content-length: 0", long],
  [long, "content-length: 0"],
  [`content-length: ${READ.length}, 0`],
  [`content-length: 0, ${READ.length}`],
  [`content-length: +${READ.length}`],
  ["content-length: -1"],
  [`content-length: 0x${READ.length.toString(16)}`],
  [`content-length: ${READ.length}.0`],
  [`content-length: ${READ.length} 0`],
  ["content-length:"],
  ["content-length: 99999999999999999999999"],
  [`content-length : ${READ.length}`],
  [` content-length: ${READ.length}`],
  [`content_length: ${READ.length}`, "content-length: 0"],
  [`content-length:\u000b${READ.length}`],
  [`x: 1\n${long}`, "content-length: 0"],
  [`x: 1\r${long}`, "content-length: 0"],
  [`content-length\u0000: ${READ.length}`],
];

/** Ways to say that a body comes in chunks, so that one reader sees it and another does not. */
const CODINGS: readonly string[] = [
  "transfer-encoding: chunked",
  "Transfer-Encoding: CHUNKED",
  "transfer-encoding:chunked",
  "transfer-encoding: chunked, identity",
  "transfer-encoding: identity, chunked",
  "transfer-encoding: gzip, chunked",
  "transfer-encoding: xchunked",
  "transfer-encoding: chunked;q=1",
  'transfer-encoding: "chunked"',
  "transfer-encoding : chunked",
  " transfer-encoding: chunked",
  "transfer-encoding:\tchunked",
  "transfer-encoding:\u000bchunked",
  "transfer-encoding:\u000cchunked",
  "transfer-encoding: chunked\u0000",
  "transfer-encoding: \u00a0chunked",
  "transfer-encoding:\r\n chunked",
  "transfer-encoding: chunked\r\ntransfer-encoding: identity",
  "transfer-encoding: identity\r\ntransfer-encoding: chunked",
  "x: 1\ntransfer-encoding: chunked",
  "x: 1\rtransfer-encoding: chunked",
  "transfer_encoding: chunked",
  "te: chunked\r\ntransfer-encoding: chunked",
];

/** Chunks that readers cut in different places. */
const CHUNKS: readonly string[] = [
  `0\r\n\r\n${HIDDEN}`,
  `0;x=1\r\n\r\n${HIDDEN}`,
  `0\r\nx: 1\r\n\r\n${HIDDEN}`,
  `00000000000000000000\r\n\r\n${HIDDEN}`,
  `0x0\r\n\r\n${HIDDEN}`,
  `-0\r\n\r\n${HIDDEN}`,
  `ffffffffffffffff\r\n${HIDDEN}`,
  `10000000000000000\r\n${HIDDEN}`,
  `3b\n${READ}\n0\n\n${HIDDEN}`,
  `3b\r${READ}\r0\r\r${HIDDEN}`,
  `3B ;\r\n${READ}\r\n0\r\n\r\n${HIDDEN}`,
  `3a\r\n${READ}\r\n0\r\n\r\n${HIDDEN}`,
  `3b;\u0000\r\n${READ}\r\n0\r\n\r\n${HIDDEN}`,
  `3b;a\nb\r\n${READ}\r\n0\r\n\r\n${HIDDEN}`,
  `3b\r\n${READ}0\r\n\r\n${HIDDEN}`,
  `3b\r\n${READ}\r\n0\r\nhost: b\r\ncontent-length: 5\r\n\r\n${HIDDEN}`,
];

const ODD: readonly string[] = [
  post([long], `${READ}${HIDDEN}`, "1.0"),
  post([long, "transfer-encoding: chunked"], chunked(READ) + HIDDEN, "1.0"),
  post([long], READ, "0.9"),
  post([long], READ, "2.0"),
  post([long], READ, "1.1", "http://b/"),
  post([long], READ, "1.1", "/ HTTP/1.1\r\nx: 1"),
  `POST /\r\n${READ}`,
  `GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  post([long, "connection: keep-alive, content-length"], READ),
  post([long, "connection: transfer-encoding"], READ),
  post(
    [long, "upgrade: h2c", "connection: upgrade, http2-settings", "http2-settings: AAMAAABkAARAAAAAAAIAAAAA"],
    READ,
  ),
  post([long, "upgrade: websocket", "connection: upgrade"], READ),
  post([long, "expect: 200-ok"], READ),
  `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}`,
  `${"\r\n".repeat(20)}${post([long], READ)}`,
  post([long, "x-http-method-override: DELETE", "x-original-url: /heavy"], READ),
];

const SMUGGLED: readonly [name: string, bytes: string][] = [
  ...LENGTHS.map((headers): [string, string] => [headers.join(" | "), post(headers, READ + HIDDEN)]),
  ...CODINGS.flatMap((coding): [string, string][] => [
    [`${coding} | a length`, post(["content-length: 4", coding], `0\r\n\r\n${HIDDEN}`)],
  ]),
  ...CHUNKS.map((body): [string, string] => [
    `chunks: ${body.slice(0, 24)}`,
    post(["transfer-encoding: chunked"], body),
  ]),
  ...ODD.map((bytes): [string, string] => [bytes.slice(0, 60), bytes]),
];

describe("requests by people who mean harm", function () {
  this.timeout(600_000);
  let node: FakeNode;
  let edge: WholeEdge;

  before(async () => {
    node = await new FakeNode().start();
    edge = await new WholeEdge().start([node], [node], { limits: { unitsPerSecond: 1_000_000 } });
    await until("the edge serves", async () => (await read()).includes("eth_chainId"));
  });
  after(async () => {
    await edge.stop();
    await node.stop();
  });
  beforeEach(() => {
    node.seen.length = 0;
    node.bodies.length = 0;
  });

  const read = () => rawRequest(edge.plan.port, post([long], READ));
  /** Answers are JSON, but for HAProxy's own to what is no request at all, which no setting of it changes. */
  const isJson = (said: string) => {
    const [, ...bodies] = said.split(/HTTP\/1\.[01] \d{3}[^\r]*\r\n(?:[^\r]+\r\n)*\r\n/);
    for (const body of bodies.map((each) => each.trim()))
      if (
        body !== "" &&
        !/^<html><body><h1>(?:400|408|422|501) [\w ,-]+<\/h1>\n[^<]+\n<\/body><\/html>$/.test(body)
      )
        JSON.parse(body);
  };

  for (const [name, bytes] of SMUGGLED)
    it(`lets nothing hide behind ${JSON.stringify(name)}`, async () => {
      const said = await rawRequest(edge.plan.port, Buffer.from(bytes, "latin1"));
      expect(node.seen).not.to.include("admin_peers");
      // It never asked for a method that does not exist, so whoever answers that has read the hidden request.
      expect(said).not.to.include("admin_peers");
      isJson(said);
    });

  it("closes connections that send too slowly, and serves the others meanwhile", async () => {
    const starts = [
      "POST / HT",
      "POST / HTTP/1.1\r\nhost: a\r\nx: ",
      `POST / HTTP/1.1\r\nhost: a\r\n${long}\r\n\r\n{"jsonrpc"`,
      "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\n",
    ];
    const slow = Array.from({ length: 80 }, (_, index) =>
      rawRequest(edge.plan.port, trickle(starts[index % 4] ?? "")),
    );
    expect(await read()).to.include('"result":"eth_chainId"');
    const ends = await Promise.all(slow);
    expect(ends).to.have.length(80);
    for (const said of ends) {
      expect(statusesOf(said)[0], said).to.be.oneOf([400, 408]);
      isJson(said);
    }
    expect(node.seen).not.to.include("eth_call");
  });

  it("closes one that sends the end of a long body too slowly", async () => {
    const start = `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 200000\r\n\r\n${" ".repeat(60_000)}`;
    const said = await rawRequest(edge.plan.port, trickle(start));
    expect(statusesOf(said)).to.deep.equal([408]);
    isJson(said);
  });

  it("refuses floods of headers", async () => {
    const many = Array.from({ length: 500 }, (_, index) => `x-${index}: 1`);
    const wide = `x: ${"a".repeat(16_000)}`;
    for (const headers of [many, [wide], [`x: ${"a".repeat(200_000)}`]]) {
      const said = await rawRequest(edge.plan.port, post([...headers, long], READ));
      expect(statusesOf(said)[0], headers.join().slice(0, 20)).to.equal(400);
      isJson(said);
    }
    expect(node.seen).not.to.include("eth_chainId");
  });

  it("reads nothing that nests too deep", async () => {
    for (const depth of [65, 200, 1_000, 10_000, 100_000]) {
      const body = `{"id":1,"method":"eth_call","params":${"[".repeat(depth)}${"]".repeat(depth)}}`;
      const response = await fetch(edge.url, { method: "POST", body });
      expect(response.status, `${depth}`).to.equal(400);
      expect(JSON.parse(await response.text())).to.have.property("error");
    }
    expect(node.seen).not.to.include("eth_call");
  });

  it("sends on nothing that follows a whole call and much space", async () => {
    for (const space of [5_000, 10_000, 14_000, 25_000, 40_000, 100_000]) {
      const text = `${READ}${" ".repeat(space)}${DENIED}`;
      for (const body of [text, inChunks(text)]) {
        const response = await fetch(edge.url, { method: "POST", body, duplex: "half" } as RequestInit);
        expect(response.status, `${space}`).to.equal(400);
        await response.text();
      }
    }
    expect(node.seen.filter((method) => method === "admin_peers")).to.deep.equal([]);
  });
});

/** Of an unknown length, as far as its headers say. */
const inChunks = (text: string): ReadableStream => new Blob([text]).stream();

/** A beginning, and then a byte now and again for ever. */
async function* trickle(start: string): AsyncGenerator<Buffer> {
  yield Buffer.from(start);
  for (;;) {
    await sleep(200, undefined, { ref: false });
    yield Buffer.from("a");
  }
}

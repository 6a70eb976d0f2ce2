import { expect } from "chai";
import { FakeNode } from "./fake-node";
import { rawRequest, statusesOf } from "./raw-request";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

describe("HAProxy and the gateway together", function () {
  this.timeout(120_000);
  let node: FakeNode;
  let writer: FakeNode;
  let edge: WholeEdge;

  before(async () => {
    [node, writer] = [await new FakeNode().start(), await new FakeNode().start()];
    edge = await new WholeEdge().start([node], [writer], { limits: { unitsPerSecond: 100_000 } });
  });
  after(async () => {
    await edge.stop();
    await Promise.all([node.stop(), writer.stop()]);
  });

  const send = async (url: string, body: string | Buffer, headers: Record<string, string> = {}) => {
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
    const response = await fetch(url, init as RequestInit);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };

  const call = (method: string, id = "1", params = "[]") =>
    `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}}`;
  /** Each class, and JSON that is odd but right. */
  const SAME: string[] = [
    call("eth_chainId"),
    call("eth_chainId", "null"),
    call("eth_call", '"a"', '["\\u0061b"]'),
    call("eth_chainId", "123456789012345678901234567890"),
    call("eth_call", "1", '[{"data":"0x00"},"latest",{"a":{"b":[1.0e+2,-0,1e400]}}]'),
    call("eth_getLogs", "7", '[{"fromBlock":"0x1","toBlock":"0x2"}]'),
    call("trace_block", "7", '["0x1"]'),
    call("web3_clientVersion"),
    call("eth_syncing"),
    ` \n{ "method" : "eth_chainId" ,\t"id" : 1 , "jsonrpc" : "2.0" } `,
    '{"method":"eth_chainId","id":1}',
    '{"params":["x","é","\\ud83d\\ude00"],"method":"eth_call","id":1,"jsonrpc":"2.0"}',
    `[${call("eth_chainId", "1")},${call("eth_call", "1")},${call("net_version", '"x"')}]`,
    `[${call("eth_chainId", "-1")},${call("eth_getLogs", "null")}]`,
    `[ ${call("eth_chainId", "1")} ]`,
    call("eth_call", "1", `["0x${"ab".repeat(60_000)}"]`),
    `{"params":["0x${"ab".repeat(60_000)}"],"id":1,"method":"eth_call","jsonrpc":"2.0"}`,
  ];
  for (const body of SAME)
    it(`answers as the node does: ${body.slice(0, 90)}`, async () => {
      node.results = { eth_chainId: "123456789012345678901234567890", eth_call: '{"n":1.0,"m":1E5}' };
      expect((await send(edge.url, body)).text).to.equal((await send(node.url, body)).text);
    });

  /** What a node would execute that takes keys without case and the last of two. */
  const DENIED: (string | Buffer)[] = [
    call("admin_peers"),
    call("debug_traceCall"),
    '{"method":"eth_call","method":"admin_peers","id":1}',
    '{"method":"eth_call","Method":"admin_peers","id":1}',
    '{"method":"eth_call","m\\u0065thod":"admin_peers","id":1}',
    '{"method":"admin\\u005fpeers","id":1}',
    `[${call("eth_call")},${call("admin_peers")}]`,
    '[{"method":"eth_call","METHOD":"admin_peers","id":1}]',
    `[[${call("admin_peers")}]]`,
    `${call("eth_call")}${call("admin_peers")}`,
    Buffer.from(`\ufeff${call("admin_peers")}`),
    Buffer.from(call("admin_peers"), "utf16le"),
    Buffer.from(`{"method":"eth_call","id":1,"x":"\u0000","Method":"admin_peers"}`),
    Buffer.from(`{"method":"eth_call"\u0000,"Method":"admin_peers"}`),
    `{"x":{"method":"eth_call"},"Method":"admin_peers"}`,
    `{"params":["method"],"method":"admin_peers","id":1}`,
  ];
  for (const body of DENIED)
    it(`lets no denied method to a node: ${JSON.stringify(body.toString()).slice(0, 90)}`, async () => {
      node.seen.length = 0;
      const { text, status } = await send(edge.url, body);
      expect(node.seen).not.to.include.members(["admin_peers"]);
      expect(node.seen).not.to.include.members(["debug_traceCall"]);
      expect(status).to.be.below(500);
      expect(() => JSON.parse(text)).not.to.throw();
    });

  it("tells the caller's id with a refusal", async () => {
    expect(JSON.parse((await send(edge.url, call("admin_peers", '"me"'))).text)).to.deep.include({
      id: "me",
    });
  });

  it("sends writes to the writer alone and asks it for the price", async () => {
    node.seen.length = 0;
    writer.seen.length = 0;
    await send(edge.url, call("eth_sendRawTransaction", "1", '["0xabcd"]'));
    await send(edge.url, call("eth_gasPrice"));
    await send(edge.url, `[${call("eth_maxPriorityFeePerGas")},${call("eth_chainId")}]`);
    expect(writer.seen.filter((method) => method !== "eth_blockNumber")).to.deep.equal([
      "eth_sendRawTransaction",
      "eth_gasPrice",
      "eth_maxPriorityFeePerGas",
    ]);
    expect(node.seen).to.include("eth_chainId").and.not.to.include("eth_sendRawTransaction");
  });

  it("refuses a body over the limit before all of it has come", async () => {
    const head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 300000\r\n\r\n";
    const said = await rawRequest(edge.plan.port, `${head}${"[".padEnd(40_000)}`);
    expect(statusesOf(said)).to.deep.equal([413]);
    expect(said).to.include('"code":-32600');
  });

  it("refuses one in pieces that say no length", async () => {
    const head = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    const piece = `4000\r\n${" ".repeat(0x4000)}\r\n`;
    const body = `${head}${piece.repeat(20)}0\r\n\r\n`;
    const said = await rawRequest(edge.plan.port, body, (text) => text.includes("}"));
    expect(statusesOf(said)).to.deep.equal([413]);
  });

  it("answers a page about its health, and browsers as they ask", async () => {
    const page = await fetch(edge.url);
    expect(page.status).to.be.oneOf([200, 503]);
    const asked = await fetch(edge.url, { method: "OPTIONS" });
    expect(asked.status).to.equal(204);
    expect(asked.headers.get("access-control-allow-origin")).to.equal("*");
    expect((await send(edge.url, call("eth_chainId"))).headers.get("access-control-allow-origin")).to.equal(
      "*",
    );
  });

  const getWith = (body: string) =>
    rawRequest(
      edge.plan.port,
      `GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );

  it("takes a GET for no call, whatever its body says", async () => {
    expect(await getWith(call("eth_getUncleCountByBlockHash"))).to.include('"status":"ok"');
    expect(node.seen).not.to.include("eth_getUncleCountByBlockHash");
  });

  it("writes a log without parameters or unknown names", async () => {
    await send(edge.url, call("eth_getBalance", "1", '["0xsecretparam"]'));
    await send(edge.url, '{"method":"no\\"such","id":1}');
    await send(edge.url, call("my_own_secret"));
    expect(statusesOf(await getWith('{"method":"in\\"a_get","id":1}'))).to.deep.equal([200]);
    await send(edge.url, call("eth_getCode"));
    await until("the log tells of all", () => edge.haproxy.output.includes('"eth_getCode"'));
    const lines = edge.haproxy.output.split("\n").filter((line) => line.startsWith("{"));
    const entries = lines.map((line) => JSON.parse(line) as { method: string });
    expect(entries.map(({ method }) => method)).to.include("eth_getBalance");
    expect(edge.haproxy.output).not.to.match(/secretparam|my_own_secret|no\\*"such|a_get/);
  });

  it("shows figures of both", async () => {
    const read = async (path: string) =>
      (await fetch(`http://127.0.0.1:${edge.plan.metricsPort}${path}`)).text();
    expect(await read("/metrics")).to.include("haproxy_frontend_http_requests_total");
    expect(await read("/edge")).to.include("nodewright_edge_node_up");
  });
});

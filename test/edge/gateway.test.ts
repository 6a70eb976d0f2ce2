import { once } from "node:events";
import type { Socket } from "node:net";
import { expect } from "chai";
import { WebSocket } from "ws";
import type { EdgeSettings } from "../../edge/settings";
import { type Edge, startEdge } from "../../edge/start";
import { FakeNode } from "./fake-node";
import { until } from "./until";

const RAW = `0x${"ab".repeat(40)}`;
const call = (method: string, id: unknown = 1, params: unknown[] = []) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});

describe("the gateway", function () {
  this.timeout(60_000);
  let node: FakeNode;
  let writers: [FakeNode, FakeNode];
  let edge: Edge;

  before(async () => {
    node = await new FakeNode().start();
    writers = [await new FakeNode().start(), await new FakeNode().start()];
    edge = await startEdge(settings(node, writers));
  });
  after(async () => {
    await edge.stop();
    await Promise.all([node, ...writers].map((each) => each.stop()));
  });
  beforeEach(() => {
    for (const each of [node, ...writers]) {
      each.seen.length = 0;
      each.bodies.length = 0;
      each.results = {};
      each.missing.clear();
      each.fault = "none";
    }
  });

  const send = async (body: unknown) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`http://127.0.0.1:${edge.port}`, { method: "POST", body: text });
    return { status: response.status, text: await response.text() };
  };
  const asked = () => node.bodies.filter((body) => body !== "{}" && !body.includes('["latest",false]'));

  it("splits a batch, and gives the answers in its order with its ids", async () => {
    node.results.eth_chainId = "123456789012345678901234567890";
    const ids = ['"a"', "7", "null", "7", '"\\u0062"', "1.0"];
    const methods = [
      "eth_chainId",
      "eth_gasPrice",
      "eth_blockNumber",
      "admin_peers",
      "eth_sendRawTransaction",
      "eth_call",
    ];
    const batch = methods.map(
      (method, index) => `{"jsonrpc":"2.0","id":${ids[index]},"method":"${method}","params":["${RAW}"]}`,
    );
    const { text } = await send(`[${batch.join(",")}]`);
    expect([...text.matchAll(/"id":("[^"]*"|[^,]*),/g)].map(([, id]) => id)).to.deep.equal(ids);
    const answers = JSON.parse(text) as { result?: unknown; error?: { code: number } }[];
    expect(text).to.include('"result":123456789012345678901234567890');
    expect(answers[3]?.error?.code).to.equal(-32601);
    expect(answers[4]?.result).to.equal("eth_sendRawTransaction");
    expect(asked(), "the reads go in one batch").to.have.length(2);
    expect(writers[0].seen).to.deep.equal(["eth_sendRawTransaction"]);
  });

  it("answers no notification", async () => {
    const { text } = await send([{ jsonrpc: "2.0", method: "eth_chainId" }, call("eth_chainId", 2)]);
    expect(JSON.parse(text)).to.have.length(1);
    expect((await send([{ jsonrpc: "2.0", method: "eth_chainId" }])).text).to.equal("");
  });

  it("keeps a failure to its element", async () => {
    const { text } = await send([call("eth_chainId", 1), 5, { id: 3 }, call("eth_newFilter", 4)]);
    const answers = JSON.parse(text) as { id: unknown; error?: { code: number } }[];
    expect(answers.map(({ id, error }) => [id, error?.code])).to.deep.equal([
      [1, undefined],
      [null, -32600],
      [3, -32600],
      [4, -32601],
    ]);
  });

  it("says of each element that no node answered", async () => {
    node.fault = "error";
    const answers = JSON.parse((await send([call("eth_chainId", 1), call("eth_call", 2)])).text) as {
      id: number;
    }[];
    expect(answers.map(({ id }) => id)).to.deep.equal([1, 2]);
    for (const answer of answers) expect(answer).to.have.nested.property("error.code", -32603);
  });

  const DENIED = [
    '{"id":1,"method":"eth_call","method":"admin_peers"}',
    '{"id":1,"method":"eth_call","Method":"admin_peers"}',
    '{"id":1,"method":"eth_call","m\\u0065thod":"admin_peers"}',
    '{"id":1,"method":"admin\\u005fpeers"}',
    '[{"id":1,"method":"eth_call"},{"id":1,"METHOD":"admin_peers"}]',
    '[{"id":1,"method":"eth_call","method":"admin_peers"}]',
  ];
  for (const body of DENIED)
    it(`lets no denied method through by ${body}`, async () => {
      await send(body);
      expect(node.seen).not.to.include("admin_peers");
    });

  it("answers itself what a node lacks", async () => {
    for (const method of ["web3_clientVersion", "eth_syncing", "eth_feeHistory"]) node.missing.add(method);
    const result = async (body: unknown) =>
      (JSON.parse((await send(body)).text) as { result: unknown }).result;
    expect(await result(call("web3_clientVersion"))).to.equal("nodewright-edge");
    expect(await result(call("eth_syncing"))).to.equal(false);
    await until(
      "the fee history is answered",
      async () => (await result(call("eth_feeHistory", 1, [2, "latest", [50]]))) !== undefined,
    );
    expect(await result(call("eth_feeHistory", 1, [2, "latest", [50]]))).to.deep.include({
      oldestBlock: "0x63",
      gasUsedRatio: [0.5, 0.5],
    });
    node.missing.clear();
    expect(await result(call("web3_clientVersion")), "what a node has is the node's").to.equal(
      "web3_clientVersion",
    );
  });

  it("refuses logs over too many blocks", async () => {
    const filter = { fromBlock: "0x0", toBlock: "0xffff" };
    expect((await send(call("eth_getLogs", 1, [filter]))).text).to.include("-32005");
    expect(
      (await send('{"id":1,"method":"eth_getLogs","params":[{"fromBlock":"0x1","FromBlock":"0x0"}]}')).text,
    ).to.include("-32602");
    expect(node.seen).not.to.include("eth_getLogs");
  });

  describe("with writes", () => {
    const raw = (seed: number) => `0x${seed.toString(16).padStart(64, "0")}`;
    const write = (seed: number, id: unknown = 1) => send(call("eth_sendRawTransaction", id, [raw(seed)]));
    const sent = () => writers.map(({ seen }) => seen.length);

    it("sends one once, however often it is asked for", async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, id) => write(1, id)));
      expect(answers.map(({ text }) => (JSON.parse(text) as { id: number }).id)).to.deep.equal([
        ...answers.keys(),
      ]);
      expect(sent()).to.deep.equal([1, 0]);
    });

    it("takes `already known` for a success, by the transaction's hash", async () => {
      writers[0].failure = { code: -32000, message: "already known" };
      const answer = JSON.parse((await write(2)).text) as { result: string };
      writers[0].failure = undefined;
      expect(answer.result).to.match(/^0x[0-9a-f]{64}$/);
    });

    it("goes to the next writer when one is gone, and tells of a refusal as it came", async () => {
      const [first, second] = writers;
      const { port } = first;
      await first.stop();
      expect((await write(3)).text).to.include("eth_sendRawTransaction");
      expect(second.seen).to.have.length(1);
      await first.start(port);
      first.failure = { code: -32000, message: "insufficient funds" };
      expect((await write(4)).text).to.include("insufficient funds");
      first.failure = undefined;
      expect(sent()).to.deep.equal([1, 1]);
    });

    it("looks on the chain for one whose writer broke off", async () => {
      writers[0].fault = "error";
      writers[1].fault = "error";
      node.results.eth_getTransactionByHash = "null";
      const { text } = await write(5);
      expect(text).to.match(/not known whether/);
    });
  });

  describe("over a WebSocket", () => {
    const open = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${edge.port}`);
      const messages: string[] = [];
      socket.on("message", (data: Buffer) => messages.push(data.toString()));
      await once(socket, "open");
      const next = async (holds: (text: string) => boolean) => {
        await until("the message is there", () => messages.some(holds));
        return messages.find(holds) ?? "";
      };
      return { socket, next };
    };

    it("answers calls and denies what is denied", async () => {
      const { socket, next } = await open();
      socket.send(JSON.stringify(call("eth_chainId", 1)));
      socket.send(JSON.stringify(call("admin_peers", 2)));
      expect(await next((text) => text.includes('"id":1'))).to.include("result");
      expect(await next((text) => text.includes('"id":2'))).to.include("-32601");
      expect(node.seen).not.to.include("admin_peers");
      socket.terminate();
    });

    it("asks a node once for the reads that come in one go, and gives each its own answer", async () => {
      const { socket, next } = await open();
      const ids = [5, 6, 7, 8].map((id) => `"id":${id},`);
      socket.send(JSON.stringify(call("eth_chainId", 4)));
      await next((text) => text.includes('"id":4,'));
      node.bodies.length = 0;
      // One write: they reach the gateway together.
      const raw = (socket as unknown as { _socket: Socket })._socket;
      raw.cork();
      for (const id of [5, 6, 7, 8])
        socket.send(JSON.stringify(call(id === 8 ? "eth_getLogs" : "eth_chainId", id)));
      raw.uncork();
      for (const id of ids) expect(await next((text) => text.includes(id))).to.include('"result"');
      const bodies = asked();
      expect(bodies.filter((body) => body.includes("eth_getLogs"))).to.have.length(1);
      expect(bodies.filter((body) => body.includes("eth_chainId")).length).to.be.below(3);
      socket.terminate();
    });

    it("tells new heads and logs to who subscribed", async () => {
      const { socket, next } = await open();
      node.results.eth_getLogs = '[{"data":"0x1"}]';
      socket.send(JSON.stringify(call("eth_subscribe", 1, ["newHeads"])));
      socket.send(JSON.stringify(call("eth_subscribe", 2, ["logs", {}])));
      await next((text) => text.includes('"id":2'));
      node.head = { ...node.head, number: 101, hash: "0xbb" };
      expect(await next((text) => text.includes('"number":"0x65"'))).to.include("eth_subscription");
      await next((text) => text.includes('"data":"0x1"'));
      node.head = { ...node.head, number: 100, hash: "0xaa" };
      socket.terminate();
    });

    it("refuses more calls than one connection may send, and goes on", async () => {
      const { socket, next } = await open();
      for (let id = 1; id <= 200; id++) socket.send(JSON.stringify(call("eth_chainId", id)));
      await next((text) => text.includes("-32005"));
      expect(socket.readyState).to.equal(socket.OPEN);
      socket.terminate();
    });
  });

  it("waits for a node that starts anew, where there is no other", async () => {
    const only = await new FakeNode().start();
    const { port } = only;
    const other = await startEdge(settings(only, []));
    await only.stop();
    const asked = fetch(`http://127.0.0.1:${other.port}`, {
      method: "POST",
      body: JSON.stringify([call("eth_chainId", 1), call("eth_chainId", 2)]),
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await only.start(port);
    expect(await (await asked).text()).not.to.include("error");
    await other.stop();
    await only.stop();
  });

  describe("a long call", () => {
    const DATA = `0x${"ab".repeat(20_000)}`;
    const long = (first: string, last = "") => `{${first},"params":[{"data":"${DATA}"},"latest"]${last}}`;

    it("goes to a node as it came, and has its own id in the answer", async () => {
      const body = long('"id": 1.0, "jsonrpc":"2.0" ,"method":"eth_call"');
      const { text } = await send(body);
      expect(text).to.include('"id":1');
      expect(asked()).to.deep.equal([body]);
    });

    it("is put together anew where something in it is escaped", async () => {
      await send(long('"id":1,"m\\u0065thod":"eth_c\\u0061ll"'));
      expect(asked()[0]).to.include('"method":"eth_call"');
    });

    it("is put together anew where it has a key that no call has", async () => {
      await send(long('"id":1,"method":"eth_call"', ',"more":[1]'));
      expect(asked()[0]).to.include('"method":"eth_call"').and.not.to.include("more");
    });

    it("is not answered where it has no id", async () => {
      expect((await send(long('"method":"eth_call"'))).text).to.equal("");
    });

    it("reaches no node with a method that stands twice or is denied, or a control character in a string", async () => {
      for (const body of [
        long('"id":1,"method":"eth_call"', ',"method":"admin_peers"'),
        long('"id":1,"method":"eth_call"', ',"Method":"admin_peers"'),
        long('"id":1,"method":"admin_peers"'),
        long('"id":1,"method":"eth_call"').replace("abab", "ab\u0001"),
        `${long('"id":1,"method":"eth_call"')}{}`,
      ])
        expect((await send(body)).text).to.include('"error"');
      expect(asked()).to.deep.equal([]);
    });
  });

  it("without a writer says that it answers reads only, and asks a node for the price", async () => {
    const other = await startEdge(settings(node, []));
    const body = JSON.stringify([call("eth_sendRawTransaction", 1, [RAW]), call("eth_gasPrice", 2)]);
    const response = await fetch(`http://127.0.0.1:${other.port}`, { method: "POST", body });
    const [refused, price] = (await response.json()) as { error?: { code: number }; result?: string }[];
    expect(refused?.error?.code).to.equal(-32601);
    expect(price?.result).to.equal("eth_gasPrice");
    await other.stop();
  });

  it("says goodbye on every answer before it closes, and 1012 to sockets", async () => {
    const other = await startEdge(settings(node, writers));
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}`);
    await once(socket, "open");
    const closed = once(socket, "close") as Promise<[number]>;
    const stopped = other.stop();
    const response = await fetch(`http://127.0.0.1:${other.port}`, {
      method: "POST",
      body: JSON.stringify(call("eth_chainId")),
    });
    expect(response.headers.get("connection")).to.equal("close");
    await response.text();
    expect((await closed)[0]).to.equal(1012);
    await stopped;
  });
});

function settings(node: FakeNode, writers: readonly FakeNode[]): EdgeSettings {
  return {
    ...{ port: 0, agentPort: 0, inside: node.url, native: node.url, methods: {} },
    nodes: [{ name: "a", url: node.url }],
    writers: writers.map(({ url }, index) => ({ name: `w${index}`, url })),
    limits: {
      ...{ bodyBytes: 262_144, responseBytes: 1 << 20, batch: 100, logBlocks: 1000 },
      ...{ sockets: 10, subscriptions: 2, callsPerSocket: 5 },
    },
    health: { headAge: 15, behind: 3 },
    timeouts: { read: 2_000, heavy: 2_000, write: 2_000 },
    client: "nodewright-edge",
  };
}

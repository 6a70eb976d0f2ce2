import { createHash } from "node:crypto";
import { once } from "node:events";
import { expect } from "chai";
import { WebSocket } from "ws";
import { FakeNode } from "./fake-node";
import { WholeEdge } from "./whole-edge";

const KEY = "0123456789abcdef0123456789abcdef";
const OTHER = "fedcba9876543210fedcba9876543210";
const sha256 = createHash("sha256").update(KEY).digest("hex");
const READ = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });

describe("who a client of the edge is", function () {
  this.timeout(240_000);
  let node: FakeNode;
  let edge: WholeEdge;

  before(async () => {
    node = await new FakeNode().start();
    edge = await new WholeEdge().start([node], [], {
      limits: { unitsPerSecond: 1 },
      tiers: { gold: { unitsPerSecond: 1_000_000 } },
      keys: { wallet: { sha256, tier: "gold" } },
    });
  });
  after(async () => {
    await edge.stop();
    await node.stop();
  });

  const ask = async (path = "/", headers: Record<string, string> = {}, body = READ) => {
    const response = await fetch(`${edge.url}${path}`, { method: "POST", body, headers });
    return { status: response.status, text: await response.text() };
  };

  it("lets a key spend what its tier may, and a stranger no more than before", async () => {
    const calls = (path: string, headers = {}) =>
      Promise.all(Array.from({ length: 60 }, async () => (await ask(path, headers)).status));
    expect(new Set(await calls("/", { "x-api-key": KEY }))).to.deep.equal(new Set([200]));
    expect(new Set(await calls(`/key/${KEY}`))).to.deep.equal(new Set([200]));
    expect(await calls("/")).to.include(429);
  });

  it("refuses a key that nobody has, in JSON", async () => {
    for (const said of [await ask("/", { "x-api-key": OTHER }), await ask(`/key/${OTHER}`)]) {
      expect(said.status).to.equal(401);
      expect(JSON.parse(said.text)).to.have.nested.property("error.code", -32001);
    }
  });

  it("shows no key to a node, in a log or in what HAProxy reads", async () => {
    await ask(`/key/${KEY}`, { "x-api-key": KEY });
    expect(edge.haproxy.output).to.include('"key":"wallet"').and.not.include(KEY);
    expect(JSON.stringify(node.headers)).to.not.include(KEY);
    expect(node.paths.join()).to.not.include(KEY);
  });

  it("tells rate, refusals and time of each method", async () => {
    await ask(`/key/${KEY}`);
    await ask(`/key/${KEY}`, {}, JSON.stringify([JSON.parse(READ), JSON.parse(READ)]));
    const response = await fetch(`http://127.0.0.1:${edge.plan.metricsPort}/edge`);
    const text = await response.text();
    const value = (series: string) =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${series} `))
          ?.split(" ")[1],
      );
    expect(value('nodewright_edge_requests_total{method="eth_chainId"}')).to.be.at.least(120);
    expect(value('nodewright_edge_requests_total{method="batch"}')).to.be.at.least(1);
    expect(value('nodewright_edge_refused_total{method="eth_chainId"}')).to.be.at.least(1);
    expect(value('nodewright_edge_answer_seconds_bucket{method="eth_chainId",le="+Inf"}')).to.be.at.least(
      120,
    );
    expect(value('nodewright_edge_answer_seconds_count{method="eth_chainId"}')).to.be.at.least(120);
  });

  it("asks WebSockets of a process that was replaced to come again, by 1012", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${edge.plan.port}/key/${KEY}`);
    await once(socket, "open");
    const closed = once(socket, "close") as Promise<[number]>;
    await edge.haproxy.reload();
    expect((await closed)[0]).to.equal(1012);
  });
});

import { createHash } from "node:crypto";
import { expect } from "chai";
import { stringify } from "yaml";
import { hostOf, planOf, SAMPLE } from "../support/sample";
import { FakeNode } from "./fake-node";
import { LONG_READ, SMALL_READ, underLoad } from "./under-load";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const KEY = "a-key-of-the-load";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const wallet = { sha256: sha256(KEY), tier: "gold" };

/** What every change stands beside: a key for the load, so that it is let in by each of them. */
const BASE = {
  limits: { unitsPerSecond: 1_000_000 },
  tiers: { gold: { unitsPerSecond: 1_000_000 } },
  keys: { wallet },
};
const limits = (limit: object) => ({ limits: { ...BASE.limits, ...limit } });

/** One rule of the edge each, as a stack file says it. */
const CHANGES: [name: string, settings: object][] = [
  ["body", limits({ bodyBytes: 200_000 })],
  ["answer", limits({ responseBytes: 2 ** 20 })],
  ["batch", limits({ batch: 2 })],
  ["blocks of logs", limits({ logBlocks: 100 })],
  ["units of a client", limits({ unitsPerSecond: 500_000 })],
  ["connections of a client", limits({ connectionsPerClient: 128 })],
  ["WebSockets", limits({ sockets: 10 })],
  ["subscriptions", limits({ subscriptions: 2 })],
  ["calls of a WebSocket", limits({ callsPerSocket: 50 })],
  ["time of a read", { timeouts: { read: 20 } }],
  ["time of logs", { timeouts: { heavy: 60 } }],
  ["time of a write", { timeouts: { write: 30 } }],
  ["age of a head", { health: { headAge: 60 } }],
  ["blocks behind", { health: { behind: 20 } }],
  ["connections", { maxConnections: 256 }],
  ["a method opened", { methods: { debug_traceCall: "heavy" } }],
  ["a method shut", { methods: { eth_getLogs: "denied" } }],
  ["a method added", { methods: { custom_read: "read" } }],
  ["the client's name", { client: "another-name" }],
  ["a balancer in front", { behind: { addresses: ["192.0.2.0/24"], by: "x-forwarded-for" } }],
  ["a balancer that says PROXY", { behind: { addresses: ["192.0.2.0/24"], by: "proxy-protocol" } }],
  ["a key", { keys: { wallet, other: { sha256: sha256("another"), tier: "gold" } } }],
  ["a tier", { tiers: { gold: { unitsPerSecond: 500_000 } } }],
  ["strangers shut out", { anonymous: false }],
];

describe("rules of the edge, changed one by one", () => {
  const unitsWith = (proxy: object) =>
    hostOf(planOf(`${SAMPLE}\nservices: ${JSON.stringify({ proxy })}`), "rpc-a").services.filter(
      ({ service }) => service === "proxy",
    );
  const ofBase = unitsWith(BASE);

  it("are two dozen", () => expect(CHANGES.length).to.equal(24));

  for (const [name, change] of CHANGES)
    it(`need a reload alone: ${name}`, () => {
      const changed = unitsWith({ ...BASE, ...change }).map((unit, index) => ({
        unit,
        before: ofBase[index],
      }));
      for (const { unit, before } of changed)
        expect({ ...unit, files: [] }).to.deep.equal({ ...before, files: [] });
      const touched = changed.filter(
        ({ unit, before }) => stringify(unit.files) !== stringify(before?.files),
      );
      expect(touched, "units with another file").to.not.be.empty;
      for (const { unit } of touched) expect(unit.onChange, unit.unit).to.equal("reload");
    });
});

describe("an edge whose rules change under load", function () {
  this.timeout(900_000);
  let nodes: FakeNode[];
  let edge: WholeEdge;

  before(async () => {
    nodes = [await new FakeNode().start(), await new FakeNode().start()];
    edge = await new WholeEdge().start(nodes, [], BASE);
  });
  after(async () => {
    await edge.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  const say = async (body: object) =>
    (
      await fetch(edge.url, {
        method: "POST",
        headers: { "x-api-key": KEY },
        body: JSON.stringify(body),
      })
    ).text();
  const call = (method: string) => ({ jsonrpc: "2.0", id: 1, method, params: [] });

  it("fails no request in two dozen reloads, and each process is the same all along", async () => {
    const { pid } = edge.haproxy;
    const { failed } = await underLoad(`${edge.url}/key/${KEY}`, [SMALL_READ, LONG_READ], async (sent) => {
      for (const [name, change] of CHANGES) {
        const before = sent();
        expect(await edge.change({ ...BASE, ...change }), name).to.equal(true);
        await until(`a hundred requests more after ${name}`, () => sent() > before + 100);
      }
    });
    expect(failed).to.deep.equal([]);
    expect(edge.haproxy.pid).to.equal(pid);
  });

  it("does as the new rules say, in HAProxy and the gateway", async () => {
    nodes.forEach((node) => {
      node.missing.add("web3_clientVersion");
    });
    await edge.change({
      ...BASE,
      ...limits({ batch: 2 }),
      client: "another-name",
      methods: { custom_read: "read", eth_getLogs: "denied" },
    });
    await until("the new name is told", async () =>
      (await say(call("web3_clientVersion"))).includes("another-name"),
    );
    await until("the method is there", async () =>
      (await say(call("custom_read"))).includes('"result":"custom_read"'),
    );
    expect(await say(call("eth_getLogs"))).to.include("-32601");
    const three = ["eth_chainId", "eth_chainId", "eth_sendRawTransaction"].map(call);
    expect(await say(three)).to.include("at most 2 are allowed");
  });

  it("takes the place of a node that is gone by one that was added", async () => {
    const [first] = nodes;
    const added = await new FakeNode().start();
    nodes.push(added);
    await first?.stop();
    nodes.shift();
    await edge.change(BASE);
    // Both stand under names that were there before, each at another port.
    await until("a read reaches the new one", async () => {
      await say(call("eth_gasPrice"));
      await say(call("eth_chainId"));
      return added.seen.includes("eth_chainId");
    });
  });

  it("has to be started anew where it would listen elsewhere", () => {
    const { gateway } = edge;
    const settings = { ...edge.settings, port: edge.settings.port + 1 };
    expect(gateway.apply(settings)).to.equal(false);
  });
});

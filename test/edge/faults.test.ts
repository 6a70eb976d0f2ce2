import { expect } from "chai";
import { FakeNode, type Fault } from "./fake-node";
import { LONG_READ, SMALL_READ, underLoad } from "./under-load";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const LOADS = [SMALL_READ, LONG_READ];

describe("the edge over two nodes, under load", function () {
  this.timeout(900_000);
  let nodes: [FakeNode, FakeNode];
  let edge: WholeEdge;

  before(async () => {
    nodes = [await new FakeNode().start(), await new FakeNode().start()];
    edge = await new WholeEdge().start(nodes, [], {
      limits: { unitsPerSecond: 1_000_000 },
      timeouts: { read: 2 },
      health: { headAge: 5, behind: 5 },
    });
    await until("the edge is up", () => edge.gateway !== undefined && isUp(0, true));
  });
  after(async () => {
    await edge.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  const isUp = async (index: number, expected: boolean) => {
    const text = await (await fetch(`http://127.0.0.1:${edge.plan.metricsPort}/metrics`)).text();
    const state = expected ? "UP" : "DOWN";
    return text.includes(
      `haproxy_server_status{proxy="reads",server="own.rpc-${index + 1}",state="${state}"} 1`,
    );
  };
  /** The node serves again, and the other one has not gone meanwhile. */
  const backToTwo = () =>
    until("both nodes serve", async () => (await isUp(0, true)) && (await isUp(1, true)));

  const FAULTS: [
    name: string,
    make: (node: FakeNode) => void | Promise<void>,
    mend: (node: FakeNode) => unknown,
  ][] = [
    ["hung", (node) => fault(node, "hung"), (node) => fault(node, "none")],
    ["answering garbage with 200", (node) => fault(node, "garbage"), (node) => fault(node, "none")],
    [
      "too slow",
      (node) => {
        node.delay = 3_000;
      },
      (node) => {
        node.delay = 0;
      },
    ],
    ["answering 500", (node) => fault(node, "error"), (node) => fault(node, "none")],
    [
      "stalled at an old block",
      (node) => {
        node.head = { ...node.head, time: Math.floor(Date.now() / 1000) - 60 };
        node.live = false;
      },
      (node) => {
        node.live = true;
      },
    ],
    [
      "behind the other",
      (node) => {
        node.head = { ...node.head, number: 90 };
      },
      (node) => {
        node.head = { ...node.head, number: 100 };
      },
    ],
  ];
  for (const [name, make, mend] of FAULTS)
    it(`fails no read while one of them is ${name}, leaves it alone, and takes it back`, async () => {
      await backToTwo();
      const { failed, sent } = await underLoad(edge.url, LOADS, async () => {
        await make(nodes[0]);
        await until("the node is left alone", () => isUp(0, false));
        await mend(nodes[0]);
        await backToTwo();
      });
      expect(failed).to.deep.equal([]);
      expect(sent).to.be.above(0);
    });

  it("fails no read when one of them is killed and comes again", async () => {
    await backToTwo();
    const { failed } = await underLoad(edge.url, LOADS, async () => {
      const { port } = nodes[0];
      await nodes[0].stop();
      await until("the node is left alone", () => isUp(0, false));
      nodes[0] = await new FakeNode().start(port);
      await backToTwo();
    });
    expect(failed).to.deep.equal([]);
  });

  it("serves on from the freshest when all are old, and says so", async () => {
    for (const node of nodes) {
      node.head = { ...node.head, time: Math.floor(Date.now() / 1000) - 60 };
      node.live = false;
    }
    const page = async () => (await (await fetch(edge.url)).json()) as { status: string };
    await until("the page says behind", async () => (await page()).status === "behind");
    const response = await fetch(edge.url, { method: "POST", body: SMALL_READ.body });
    expect(await response.text()).to.include("eth_chainId");
    for (const node of nodes) node.live = true;
    await until("the page says ok", async () => (await page()).status === "ok");
  });

  it("asks whoever is there when every check fails", async () => {
    await backToTwo();
    const { failed } = await underLoad(edge.url, LOADS, async () => {
      for (const node of nodes) node.missing.add("eth_blockNumber");
      await until("no node is up", async () => (await isUp(0, false)) && (await isUp(1, false)));
      for (const node of nodes) node.missing.clear();
      await backToTwo();
    });
    expect(failed).to.deep.equal([]);
  });
});

function fault(node: FakeNode, kind: Fault): void {
  node.fault = kind;
}

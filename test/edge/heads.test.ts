import { expect } from "chai";
import { FakeNode } from "./fake-node";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const BOUND = 5;
const NUMBER = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });

describe("the edge over three nodes", function () {
  this.timeout(900_000);
  let nodes: FakeNode[];
  let edge: WholeEdge;

  before(async () => {
    nodes = await Promise.all([1, 2, 3].map(() => new FakeNode().start()));
    edge = await new WholeEdge().start(nodes, [], {
      limits: { unitsPerSecond: 1_000_000 },
      health: { headAge: 30, behind: BOUND },
    });
    await until("all serve", async () => (await inService()).length === 3);
  });
  after(async () => {
    await edge.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  const metrics = async (path: string) =>
    (await fetch(`http://127.0.0.1:${edge.plan.metricsPort}${path}`)).text();
  const inService = async () =>
    [
      ...(await metrics("/metrics")).matchAll(
        /haproxy_server_status\{proxy="reads",server="own\.rpc-(\d)",state="UP"\} 1/g,
      ),
    ].map(([, index]) => Number(index) - 1);
  const seenAt = async (index: number, block: number) =>
    (await metrics("/edge")).includes(`nodewright_edge_node_block{node="own.rpc-${index + 1}"} ${block}\n`);

  it("lets no client see the chain go back by more than the bound while a node stands still", async () => {
    const numbers: number[] = [];
    let isOn = true;
    const client = (async () => {
      while (isOn) {
        const response = await fetch(edge.url, { method: "POST", body: NUMBER });
        numbers.push(Number(((await response.json()) as { result: string }).result));
      }
    })();
    try {
      // A block comes when the last one was seen, however long that takes here; the third node stands still at 100.
      for (let block = 101; block <= 112; block++) {
        for (const node of nodes.slice(0, 2)) node.head = { ...node.head, number: block, hash: `0x${block}` };
        await until(
          `block ${block} is seen`,
          async () => (await seenAt(0, block)) && (await seenAt(1, block)),
        );
        if (block >= 100 + BOUND - 1)
          await until(
            "the node that stands still is left alone",
            async () => !(await inService()).includes(2),
          );
      }
    } finally {
      isOn = false;
      await client;
    }
    let highest = 0;
    for (const number of numbers) {
      expect(highest - number, "blocks back").to.be.at.most(BOUND);
      highest = Math.max(highest, number);
    }
    expect(highest).to.equal(112);
    expect(await inService()).to.deep.equal([0, 1]);
    const [first, , third] = nodes;
    if (first && third) third.head = { ...first.head };
    await until("it serves again", async () => (await inService()).length === 3);
  });

  it("leaves one on a branch of its own alone, and takes it back", async () => {
    const [first, , third] = nodes;
    if (!first || !third) throw new Error("three nodes");
    third.head = { ...third.head, hash: "0xother" };
    await until("the fork is left alone", async () => !(await inService()).includes(2));
    third.head = { ...first.head };
    await until("it serves again", async () => (await inService()).length === 3);
  });
});

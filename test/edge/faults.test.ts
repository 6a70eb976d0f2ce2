import { expect } from "chai";
import { NODE_FAULTS, TwoNodes } from "./two-nodes";
import { LONG_READ, SMALL_READ, underLoad } from "./under-load";
import { until } from "./until";

const LOADS = [SMALL_READ, LONG_READ];

describe("the edge over two nodes, under load", function () {
  this.timeout(900_000);
  let pair: TwoNodes;

  before(async () => {
    pair = await new TwoNodes().start();
  });
  after(async () => pair.stop());

  for (const { name, make, mend } of NODE_FAULTS)
    it(`fails no read while one of them is ${name}, leaves it alone, and takes it back`, async () => {
      await pair.both();
      const { failed, sent } = await underLoad(pair.edge.url, LOADS, async () => {
        await make(pair);
        await pair.leftAlone();
        await mend(pair);
        await pair.both();
      });
      expect(failed).to.deep.equal([]);
      expect(sent).to.be.above(0);
    });

  it("serves on from the freshest when all are old, and says so", async () => {
    for (const node of pair.nodes) {
      node.head = { ...node.head, time: Math.floor(Date.now() / 1000) - 60 };
      node.live = false;
    }
    const page = async () => (await (await fetch(pair.edge.url)).json()) as { status: string };
    await until("the page says behind", async () => (await page()).status === "behind");
    const response = await fetch(pair.edge.url, { method: "POST", body: SMALL_READ.body });
    expect(await response.text()).to.include("eth_chainId");
    for (const node of pair.nodes) node.live = true;
    await until("the page says ok", async () => (await page()).status === "ok");
  });

  it("asks whoever is there when every check fails", async () => {
    await pair.both();
    const { failed } = await underLoad(pair.edge.url, LOADS, async () => {
      for (const node of pair.nodes) node.missing.add("eth_blockNumber");
      await until("no node is up", async () => !(await pair.isUp(0)) && !(await pair.isUp(1)));
      for (const node of pair.nodes) node.missing.clear();
      await pair.both();
    });
    expect(failed).to.deep.equal([]);
  });
});

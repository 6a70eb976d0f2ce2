import { expect } from "chai";
import { FakeNode, type Fault } from "./fake-node";
import { WholeEdge } from "./whole-edge";

const READ = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });

/** What came of reads that some clients sent, one after the other, while `work` was done. */
async function underLoad(url: string, work: (sent: () => number) => Promise<void>, clients = 4) {
  let isOn = true;
  const outcome = { sent: 0, failed: [] as string[] };
  const one = async () => {
    while (isOn) {
      outcome.sent++;
      const said = await fetch(url, { method: "POST", body: READ }).then(
        async (response) => `${response.status} ${await response.text()}`,
        (error: Error) => `${error.message} ${String(error.cause)}`,
      );
      if (!said.includes('"result":"eth_chainId"')) outcome.failed.push(said);
    }
  };
  const all = Promise.all(Array.from({ length: clients }, one));
  try {
    await work(() => outcome.sent);
  } finally {
    isOn = false;
    await all;
  }
  return outcome;
}

describe("the edge over two nodes, under load", function () {
  this.timeout(240_000);
  let nodes: [FakeNode, FakeNode];
  let edge: WholeEdge;

  before(async () => {
    nodes = [await new FakeNode().start(), await new FakeNode().start()];
    edge = await new WholeEdge().start(nodes, [], {
      limits: { unitsPerSecond: 1_000_000 },
      timeouts: { read: 2 },
      health: { headAge: 5, behind: 3 },
    });
    await until(() => edge.gateway !== undefined && isUp(0, true));
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
  const backToTwo = () => until(async () => (await isUp(0, true)) && (await isUp(1, true)));

  const FAULTS: [
    name: string,
    make: (node: FakeNode) => void | Promise<void>,
    mend: (node: FakeNode) => unknown,
  ][] = [
    ["hung", (node) => fault(node, "hung"), (node) => fault(node, "none")],
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
      const { failed, sent } = await underLoad(edge.url, async () => {
        await make(nodes[0]);
        await until(() => isUp(0, false));
        await mend(nodes[0]);
        await backToTwo();
      });
      expect(failed).to.deep.equal([]);
      expect(sent).to.be.above(0);
    });

  it("fails no read when one of them is killed and comes again", async () => {
    await backToTwo();
    const { failed } = await underLoad(edge.url, async () => {
      const { port } = nodes[0];
      await nodes[0].stop();
      await until(() => isUp(0, false));
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
    await until(async () => (await page()).status === "behind");
    const response = await fetch(edge.url, { method: "POST", body: READ });
    expect(await response.text()).to.include("eth_chainId");
    for (const node of nodes) node.live = true;
    await until(async () => (await page()).status === "ok");
  });

  it("asks whoever is there when every check fails", async () => {
    await backToTwo();
    const { failed } = await underLoad(edge.url, async () => {
      for (const node of nodes) node.missing.add("eth_blockNumber");
      await until(async () => (await isUp(0, false)) && (await isUp(1, false)));
      for (const node of nodes) node.missing.clear();
      await backToTwo();
    });
    expect(failed).to.deep.equal([]);
  });

  it("loses no request in reloads", async () => {
    await backToTwo();
    const { failed } = await underLoad(edge.url, async (sent) => {
      for (let round = 0; round < 5; round++) {
        const before = sent();
        edge.haproxy.write({ ...edge.plan, limits: { ...edge.plan.limits, batch: 50 + round } });
        edge.haproxy.reload();
        await until(() => sent() > before + 100);
      }
    });
    expect(failed).to.deep.equal([]);
  });
});

function fault(node: FakeNode, kind: Fault): void {
  node.fault = kind;
}

/** As long as a busy machine may take; ends as soon as it holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come to hold");
}

import { join } from "node:path";
import { askHaproxy } from "../../edge/haproxy-socket";
import { FakeNode } from "./fake-node";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

/** Something that befalls a node, and how it ends. */
export interface NodeFault {
  name: string;
  make: (pair: TwoNodes) => void | Promise<void>;
  mend: (pair: TwoNodes) => void | Promise<void>;
}

const change = (name: string, make: (node: FakeNode) => void, mend: (node: FakeNode) => void): NodeFault => ({
  name,
  make: ({ first }) => make(first),
  mend: ({ first }) => mend(first),
});
const answering = (name: string, fault: FakeNode["fault"]): NodeFault =>
  change(
    name,
    (node) => {
      node.fault = fault;
    },
    (node) => {
      node.fault = "none";
    },
  );

/** What the first of two nodes may suffer while the other one is well. */
export const NODE_FAULTS: readonly NodeFault[] = [
  answering("hung", "hung"),
  answering("answering garbage with 200", "garbage"),
  change(
    "too slow",
    (node) => {
      node.delay = 3_000;
    },
    (node) => {
      node.delay = 0;
    },
  ),
  answering("answering 500", "error"),
  change(
    "stalled at an old block",
    (node) => {
      node.head = { ...node.head, time: Math.floor(Date.now() / 1000) - 60 };
      node.live = false;
    },
    (node) => {
      node.live = true;
    },
  ),
  change(
    "behind the other",
    (node) => {
      node.head = { ...node.head, number: 90 };
    },
    (node) => {
      node.head = { ...node.head, number: 100 };
    },
  ),
  { name: "killed", make: ({ first }) => first.stop(), mend: (pair) => pair.restartFirst() },
];

/** The whole edge over two nodes. */
export class TwoNodes {
  nodes!: [FakeNode, FakeNode];
  readonly edge = new WholeEdge();
  private port = 0;

  async start(): Promise<this> {
    this.nodes = [await new FakeNode().start(), await new FakeNode().start()];
    this.port = this.first.port;
    await this.edge.start(this.nodes, [], {
      limits: { unitsPerSecond: 1_000_000 },
      timeouts: { read: 2 },
      health: { headAge: 5, behind: 5 },
    });
    return this;
  }

  get first(): FakeNode {
    return this.nodes[0];
  }

  async restartFirst(): Promise<void> {
    this.nodes[0] = await new FakeNode().start(this.port);
  }

  /** Whether HAProxy sends reads to a node (its management guide, 9.1: the 18th field is the status). */
  async isUp(index: number): Promise<boolean> {
    const said = await askHaproxy(join(this.edge.haproxy.folder, "stats.sock"), "show stat reads 4 -1");
    const line = said.split("\n").find((each) => each.startsWith(`reads,own.rpc-${index + 1},`));
    return line?.split(",")[17]?.startsWith("UP") ?? false;
  }

  leftAlone(): Promise<void> {
    return until("the node is left alone", async () => !(await this.isUp(0)));
  }

  /** The node serves again, and the other one has not gone meanwhile. */
  both(): Promise<void> {
    return until("both nodes serve", async () => (await this.isUp(0)) && (await this.isUp(1)));
  }

  async stop(): Promise<void> {
    await this.edge.stop();
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

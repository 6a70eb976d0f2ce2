import type { DebianTree } from "../../support/debian-tree";
import { startNode } from "./baselines";
import { CASES } from "./cases";
import type { StartEdge } from "./contenders";
import { BURST_SECONDS, interleaved, type Table } from "./interleaved";
import { burst } from "./load";
import type { Running } from "./process";

export const NODE_COUNTS = [1, 2, 4] as const;

/** Each answers one call after the other, in so many ms: what a node can do is known, and four of them stay below what the edge can. */
const SERVICE_MS = 10;
const CONNECTIONS = 32;

export const slowNodes = (count: number): string => `${count} × a node of ${SERVICE_MS} ms`;

/** What an edge carries over one, two and four nodes that have a fixed time for each call. */
export async function onSlowNodes(
  tree: DebianTree,
  folder: string,
  edge: StartEdge,
  progress: (line: string) => void,
): Promise<Table> {
  progress("nodes of a fixed time");
  const [small] = CASES;
  const running: Running[] = [];
  const started = async (starts: Promise<Running>): Promise<Running> => {
    const one = await starts;
    running.push(one);
    return one;
  };
  try {
    const edges: Record<string, Running> = {};
    for (const count of NODE_COUNTS) {
      const ports: number[] = [];
      for (let index = 0; index < count; index += 1)
        ports.push((await started(startNode("upstream", SERVICE_MS))).port);
      edges[slowNodes(count)] = await started(edge(tree, folder, ...ports));
    }
    const figures = await interleaved(
      edges,
      ({ port }) =>
        burst(tree, port, small?.body ?? "", { connections: CONNECTIONS, seconds: BURST_SECONDS }),
      Object.keys(edges),
    );
    return Object.fromEntries(
      Object.entries(figures).map(([name, edge]) => [name, edge === undefined ? {} : { edge }]),
    );
  } finally {
    for (const one of running) await one.stop();
  }
}

import type { DebianTree } from "../../support/debian-tree";
import { plainHaproxy, startNode } from "./baselines";
import { nginxLua } from "./nginx-lua";
import type { Running } from "./process";

/** Who stands between client and node. `direct` is the node itself. */
export const NAMES = ["direct", "haproxy", "nginx+lua", "node", "edge"] as const;
export type Name = (typeof NAMES)[number];
export type Contenders = Record<Name, Running>;

export type StartEdge = (tree: DebianTree, folder: string, ...nodes: number[]) => Promise<Running>;

/** All of them before one node. `node` is the upstream's own process. */
export async function startAll(
  { tree, folder, edge }: { tree: DebianTree; folder: string; edge: StartEdge },
  upstream: Running,
): Promise<Contenders> {
  const { port } = upstream;
  return {
    direct: upstream,
    haproxy: await plainHaproxy(tree, folder, port),
    "nginx+lua": await nginxLua(tree, folder, port),
    node: await startNode("node-proxy", port),
    edge: await edge(tree, folder, port),
  };
}

export const stopAll = async (contenders: Contenders): Promise<void> => {
  for (const running of Object.values(contenders)) await running.stop();
};

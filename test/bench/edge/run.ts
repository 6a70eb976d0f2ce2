import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DebianTree, debianTree } from "../../support/debian-tree";
import { anvil, startNode } from "./baselines";
import { CASES, type Case, SOCKET, STEADY } from "./cases";
import { NAMES, type StartEdge, startAll, stopAll } from "./contenders";
import { BURST_SECONDS, interleaved, type Table } from "./interleaved";
import { burst, steady } from "./load";
import type { Running } from "./process";
import { onSlowNodes } from "./slow-nodes";
import { socketBurst } from "./socket-load";

const PACKAGES = ["haproxy", "nginx-light", "libnginx-mod-http-lua", "lua-cjson", "wrk"];

/** Everything, in one run on one machine. */
export async function measureEdge(edge: StartEdge, progress: (line: string) => void): Promise<Table> {
  const tree = await debianTree(PACKAGES);
  if (!tree)
    throw new Error(`the baselines need Debian's ${PACKAGES.join(", ")}: run this as root on Debian`);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-bench-edge-"));
  try {
    const table = await onStaticNode(tree, folder, edge, progress);
    Object.assign(table, await onAnvil(tree, folder, edge, progress));
    progress("nodes of a fixed time");
    return { ...table, ...(await onSlowNodes(tree, folder, edge)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const httpCase =
  (tree: DebianTree, { body, connections }: Case) =>
  (running: Running) =>
    burst(tree, running.port, body, { connections, seconds: BURST_SECONDS });

async function onStaticNode(
  tree: DebianTree,
  folder: string,
  edge: StartEdge,
  progress: (line: string) => void,
): Promise<Table> {
  const contenders = await startAll({ tree, folder, edge }, await startNode("upstream"));
  const table: Table = {};
  try {
    for (const each of CASES) {
      progress(each.name);
      table[each.name] = await interleaved(contenders, httpCase(tree, each), NAMES);
    }
    progress("steady");
    table[`${STEADY.perSecond} requests/s`] = await interleaved(
      contenders,
      ({ port }) => steady(port, STEADY.body, { perSecond: STEADY.perSecond, seconds: BURST_SECONDS * 2 }),
      NAMES,
    );
    progress("WebSocket");
    table.WebSocket = await interleaved(
      contenders,
      ({ port }) =>
        socketBurst(port, SOCKET.body, { connections: SOCKET.connections, seconds: BURST_SECONDS }),
      ["edge"],
    );
    return table;
  } finally {
    await stopAll(contenders);
  }
}

/** A real EVM client behind all of them: what is left of its own rate. */
async function onAnvil(
  tree: DebianTree,
  folder: string,
  edge: StartEdge,
  progress: (line: string) => void,
): Promise<Table> {
  const contenders = await startAll({ tree, folder, edge }, await anvil());
  try {
    progress("anvil");
    const small = CASES.find(({ name }) => name === "small");
    return small ? { anvil: await interleaved(contenders, httpCase(tree, small), NAMES) } : {};
  } finally {
    await stopAll(contenders);
  }
}

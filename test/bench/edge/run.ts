import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DebianTree, debianTree } from "../../support/debian-tree";
import { anvil, startNode } from "./baselines";
import { CASES, type Case, SOCKET, STEADY } from "./cases";
import { type Contenders, NAMES, type StartEdge, startAll, stopAll } from "./contenders";
import { BURST_SECONDS, interleaved, type Table } from "./interleaved";
import { burst, steady } from "./load";
import type { Running } from "./process";
import { onSlowNodes, slowNodes } from "./slow-nodes";
import { socketBurst } from "./socket-load";

const PACKAGES = ["haproxy", "nginx-light", "libnginx-mod-http-lua", "lua-cjson", "wrk"];

type Cases = [name: string, measure: () => Promise<Table[string]>][];

/** Everything, or the cases whose names hold `only`, in one run on one machine. */
export async function measureEdge(
  edge: StartEdge,
  progress: (line: string) => void,
  only = "",
): Promise<Table> {
  const tree = await debianTree(PACKAGES);
  if (!tree)
    throw new Error(`the baselines need Debian's ${PACKAGES.join(", ")}: run this as root on Debian`);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-bench-edge-"));
  const table: Table = {};
  const measured = async (upstream: () => Promise<Running>, cases: (contenders: Contenders) => Cases) => {
    const wanted = (all: Cases) => all.filter(([name]) => name.includes(only));
    // What is asked for is known before anything is started.
    if (wanted(cases({} as Contenders)).length === 0) return;
    const contenders = await startAll({ tree, folder, edge }, await upstream());
    try {
      for (const [name, measure] of wanted(cases(contenders))) {
        progress(name);
        table[name] = await measure();
      }
    } finally {
      await stopAll(contenders);
    }
  };
  try {
    await measured(
      () => startNode("upstream"),
      (contenders) => onStaticNode(tree, contenders),
    );
    await measured(anvil, (contenders) => onAnvil(tree, contenders));
    if (slowNodes(1).includes(only)) Object.assign(table, await onSlowNodes(tree, folder, edge, progress));
    return table;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const httpCase =
  (tree: DebianTree, { body, connections }: Case) =>
  (running: Running) =>
    burst(tree, running.port, body, { connections, seconds: BURST_SECONDS });

const onStaticNode = (tree: DebianTree, contenders: Contenders): Cases => [
  ...CASES.map((each): Cases[number] => [
    each.name,
    () => interleaved(contenders, httpCase(tree, each), NAMES),
  ]),
  [
    `${STEADY.perSecond} requests/s`,
    () =>
      interleaved(
        contenders,
        ({ port }) => steady(port, STEADY.body, { perSecond: STEADY.perSecond, seconds: STEADY.seconds }),
        ["direct", "haproxy", "edge"],
        STEADY.times,
      ),
  ],
  [
    "WebSocket",
    () =>
      interleaved(
        contenders,
        ({ port }) =>
          socketBurst(port, SOCKET.body, { connections: SOCKET.connections, seconds: BURST_SECONDS }),
        ["edge"],
      ),
  ],
];

/** A real EVM client behind all of them: what is left of its own rate. */
const onAnvil = (tree: DebianTree, contenders: Contenders): Cases =>
  CASES.filter(({ name }) => name === "small").map((small) => [
    "anvil",
    () => interleaved(contenders, httpCase(tree, small), NAMES),
  ]);

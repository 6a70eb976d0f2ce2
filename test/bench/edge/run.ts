import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DebianTree, debianTree } from "../../support/debian-tree";
import { median, round } from "../statistics";
import { anvil, startNode } from "./baselines";
import { CASES, type Case, SOCKET, STEADY } from "./cases";
import { type Contenders, NAMES, type Name, type StartEdge, startAll, stopAll } from "./contenders";
import { burst, steady } from "./load";
import type { Running } from "./process";
import { socketBurst } from "./socket-load";

const PACKAGES = ["haproxy", "nginx-light", "libnginx-mod-http-lua", "lua-cjson", "wrk"];
const ROUNDS = 3;
const SECONDS = 2;

/** Medians over the rounds. `cpu`: CPU seconds of the contender's own processes for 100,000 requests. */
export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  cpu: number;
  /** MB at the end. */
  memory: number;
  /** Requests of all rounds that were not answered well. */
  errors: number;
}

export type Table = Record<string, Partial<Record<Name, Figures>>>;

type Sample = Omit<Figures, "memory">;

/** One burst after the other, each contender in turn in each round, so that a busy moment of the machine hits all alike. */
async function interleaved(
  contenders: Contenders,
  measure: (running: Running) => Promise<{ requests: number; errors: number } & Partial<Sample>>,
  names: readonly Name[] = NAMES,
): Promise<Partial<Record<Name, Figures>>> {
  const samples = new Map<Name, Sample[]>(names.map((name) => [name, []]));
  for (let turn = 0; turn < ROUNDS; turn += 1)
    for (const name of names) {
      const before = contenders[name].cpuSeconds();
      const { requests, errors, perSecond = 0, p50 = 0, p99 = 0 } = await measure(contenders[name]);
      const cpu = ((contenders[name].cpuSeconds() - before) / requests) * 1e5;
      samples.get(name)?.push({ perSecond, p50, p99, cpu, errors });
    }
  return Object.fromEntries(
    [...samples].map(([name, runs]) => [
      name,
      {
        ...Object.fromEntries(
          (["perSecond", "p50", "p99", "cpu"] as const).map((key) => [
            key,
            round(median(runs.map((run) => run[key]))),
          ]),
        ),
        memory: round(contenders[name].memory()),
        errors: runs.reduce((sum, run) => sum + run.errors, 0),
      },
    ]),
  ) as Partial<Record<Name, Figures>>;
}

/** Everything, in one run on one machine. */
export async function measureEdge(edge: StartEdge, progress: (line: string) => void): Promise<Table> {
  const tree = await debianTree(PACKAGES);
  if (!tree)
    throw new Error(`the baselines need Debian's ${PACKAGES.join(", ")}: run this as root on Debian`);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-bench-edge-"));
  try {
    const table = await onStaticNode(tree, folder, edge, progress);
    return { ...table, ...(await onAnvil(tree, folder, edge, progress)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const httpCase =
  (tree: DebianTree, { body, connections }: Case) =>
  (running: Running) =>
    burst(tree, running.port, body, { connections, seconds: SECONDS });

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
      table[each.name] = await interleaved(contenders, httpCase(tree, each));
    }
    progress("steady");
    table[`${STEADY.perSecond} requests/s`] = await interleaved(contenders, ({ port }) =>
      steady(port, STEADY.body, { perSecond: STEADY.perSecond, seconds: SECONDS * 2 }),
    );
    progress("WebSocket");
    table.WebSocket = await interleaved(
      contenders,
      ({ port }) => socketBurst(port, SOCKET.body, { connections: SOCKET.connections, seconds: SECONDS }),
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
    return small ? { anvil: await interleaved(contenders, httpCase(tree, small)) } : {};
  } finally {
    await stopAll(contenders);
  }
}

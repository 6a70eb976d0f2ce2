import { columns } from "../../components/core/plan/columns";
import type { Figures, Table } from "./edge/interleaved";
import { startPlannedEdge } from "./edge/planned-edge";
import { measureEdge } from "./edge/run";
import { NODE_COUNTS, slowNodes } from "./edge/slow-nodes";
import type { BenchResult } from "./main";
import { round } from "./statistics";

/** What is asked of the edge: a figure of its own over one of another contender in the same run. */
const TARGETS: [what: string, atMost: number, ratio: (table: Table) => number][] = [
  ["small read / plain HAProxy, CPU", 1.5, (table) => cpu(table, "small", "haproxy")],
  ["small read / nginx+lua, CPU", 0.7, (table) => cpu(table, "small", "nginx+lua")],
  ["100 KB / plain HAProxy, CPU", 1.6, (table) => cpu(table, "100 KB", "haproxy")],
  ["batch of 50 reads / plain HAProxy, CPU", 2, (table) => cpu(table, "batch of 50", "haproxy")],
  ["mixed batch of 50 / one Node.js proxy, CPU", 1, (table) => cpu(table, "mixed batch of 50", "node")],
  [
    "WebSocket call / HTTP call, CPU",
    1.5,
    (table) => of(table, "WebSocket", "edge").cpu / of(table, "small", "edge").cpu,
  ],
  [
    "p99 at 2,000 requests/s over direct, ms",
    1,
    (table) => of(table, "2000 requests/s", "edge").p99 - of(table, "2000 requests/s", "direct").p99,
  ],
];
/** What is left at least of a real client's own rate, and of each further node's. */
const LEAST = 0.65;
const LEAST_GROWTH = 0.95;

type Contender = keyof NonNullable<Table[string]>;

function of(table: Table, name: string, contender: Contender): Figures {
  const figures = table[name]?.[contender];
  if (!figures) throw new Error(`no figures of ${contender} for ${name}`);
  return figures;
}

const cpu = (table: Table, name: string, other: Contender): number =>
  of(table, name, "edge").cpu / of(table, name, other).cpu;

/** Throughput over so many nodes, over so many times that of one. */
const growth = (table: Table, nodes: number): number =>
  of(table, slowNodes(nodes), "edge").perSecond / of(table, slowNodes(1), "edge").perSecond / nodes;

const target = (what: string, found: number, wanted: string, isMet: boolean) => ({
  ...{ what, wanted, found: round(found) },
  verdict: isMet ? "met" : "missed",
});
const atMost = (what: string, most: number, found: number) => target(what, found, `≤ ${most}`, found <= most);
const atLeast = (what: string, least: number, found: number) =>
  target(what, found, `≥ ${least}`, found >= least);

/** The edge as a plan has it, beside what else could stand there; each case in turn, medians of three rounds. */
export async function benchEdge(progress: (line: string) => void): Promise<BenchResult> {
  const table = await measureEdge(startPlannedEdge, progress);
  const ofDirect = of(table, "anvil", "edge").perSecond / of(table, "anvil", "direct").perSecond;
  const targets = [
    ...TARGETS.map(([what, most, ratio]) => atMost(what, most, ratio(table))),
    atLeast("requests/s on anvil / direct", LEAST, ofDirect),
    ...NODE_COUNTS.filter((count) => count > 1).map((count) =>
      atLeast(`requests/s over ${count} nodes / ${count} times one`, LEAST_GROWTH, growth(table, count)),
    ),
  ];
  const rows = Object.entries(table).flatMap(([name, figures]) =>
    Object.entries(figures).map(([contender, { perSecond, p50, p99, cpu: spent, memory, errors }]) => [
      ...[name, contender, `${Math.round(perSecond)}/s`, `${p50} ms`, `${p99} ms`],
      ...[`${spent} CPU-s`, `${Math.round(memory)} MB`, `${errors} errors`],
    ]),
  );
  return {
    json: { targets, cases: table },
    text: [
      ...columns(targets.map(({ what, wanted, found, verdict }) => [what, `${found}`, wanted, verdict])),
      "",
      ...columns([["case", "", "rate", "p50", "p99", "of 100,000 requests", "memory", ""], ...rows]),
    ],
  };
}

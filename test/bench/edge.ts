import { columns } from "../../components/core/plan/columns";
import { type FaultFigures, onFaults } from "./edge/faults";
import type { Figures, Table } from "./edge/interleaved";
import { startPlannedEdge } from "./edge/planned-edge";
import { measureEdge } from "./edge/run";
import { NODE_COUNTS, slowNodes } from "./edge/slow-nodes";
import type { BenchResult } from "./main";
import { round } from "./statistics";

type Contender = keyof NonNullable<Table[string]>;
type Ratio = (of: (name: string, contender: Contender) => Figures) => number;

const cpu =
  (name: string, over: Contender, under: Contender): Ratio =>
  (of) =>
    of(name, over).cpu / of(name, under).cpu;

/** Throughput over so many nodes, over so many times that of one. */
const growth =
  (nodes: number): Ratio =>
  (of) =>
    of(slowNodes(nodes), "edge").perSecond / of(slowNodes(1), "edge").perSecond / nodes;

/** Milliseconds that the slowest of a hundred takes longer than without anything between. */
const lateness =
  (contender: Contender): Ratio =>
  (of) =>
    of("2000 requests/s", contender).p99 - of("2000 requests/s", "direct").p99;

/** What is left of a real node's own rate. */
const left =
  (contender: Contender): Ratio =>
  (of) =>
    of("anvil", contender).perSecond / of("anvil", "direct").perSecond;

/** What is asked of the edge: a figure of its own over one of another contender in the same run. */
const TARGETS: [what: string, wanted: `${"≤" | "≥"} ${number}`, ratio: Ratio][] = [
  ["small read / plain HAProxy, CPU", "≤ 1.5", cpu("small", "edge", "haproxy")],
  ["small read / nginx+lua, CPU", "≤ 0.7", cpu("small", "edge", "nginx+lua")],
  ["100 KB / plain HAProxy, CPU", "≤ 1.6", cpu("100 KB", "edge", "haproxy")],
  ["batch of 50 reads / plain HAProxy, CPU", "≤ 2", cpu("batch of 50", "edge", "haproxy")],
  ["mixed batch of 50 / one Node.js proxy, CPU", "≤ 1", cpu("mixed batch of 50", "edge", "node")],
  ["WebSocket call / HTTP call, CPU", "≤ 1.5", (of) => of("WebSocket", "edge").cpu / of("small", "edge").cpu],
  ["p99 at 2,000 requests/s over direct, ms", "≤ 1", lateness("edge")],
  ["requests/s on anvil / direct", "≥ 0.65", left("edge")],
  ...NODE_COUNTS.filter((count) => count > 1).map((count): (typeof TARGETS)[number] => [
    `requests/s over ${count} nodes / ${count} times one`,
    "≥ 0.95",
    growth(count),
  ]),
];

/** What HAProxy that looks at nothing takes of the same measure: no edge built upon it can go below. */
const FLOORS: [what: string, ratio: Ratio][] = [
  ["small read: plain HAProxy / nginx+lua, CPU", cpu("small", "haproxy", "nginx+lua")],
  ["mixed batch of 50: plain HAProxy / one Node.js proxy, CPU", cpu("mixed batch of 50", "haproxy", "node")],
  ["p99 at 2,000 requests/s: plain HAProxy over direct, ms", lateness("haproxy")],
  ["requests/s on anvil: plain HAProxy / direct", left("haproxy")],
];

/** Undefined where the run left out one of the cases. */
function found(table: Table, ratio: Ratio): number | undefined {
  let isWhole = true;
  const none = { perSecond: 0, p50: 0, p99: 0, cpu: 0, memory: 0, errors: 0, processes: {} };
  const value = ratio((name, contender) => {
    const figures = table[name]?.[contender];
    isWhole &&= figures !== undefined;
    return figures ?? none;
  });
  return isWhole ? round(value) : undefined;
}

/** A node that is not well: what all of its faults are held against. */
const LEFT_ALONE_MS = 2_000;

function faultTargets(faults: readonly FaultFigures[]) {
  const failed = faults.reduce((sum, each) => sum + each.failed, 0);
  const slowest = Math.max(...faults.map(({ leftAlone }) => leftAlone.most));
  const rows: [what: string, wanted: string, value: number][] = [
    ["reads that failed while a node was not well", "≤ 0", failed],
    ["until such a node is left alone, at most, ms", `≤ ${LEFT_ALONE_MS}`, slowest],
  ];
  return faults.length === 0
    ? []
    : rows.map(([what, wanted, value]) => ({ what, wanted, found: value, verdict: verdict(wanted, value) }));
}

function verdict(wanted: string, value: number): string {
  const bound = Number(wanted.slice(2));
  return (wanted.startsWith("≤") ? value <= bound : value >= bound) ? "met" : "missed";
}

/** The edge as a plan has it, beside what else could stand there; each case in turn, medians of the rounds. */
export async function benchEdge(
  progress: (line: string) => void,
  { only }: { only?: string } = {},
): Promise<BenchResult> {
  const table = await measureEdge(startPlannedEdge, progress, only);
  const faults = await onFaults(only ?? "", progress);
  const ratios = TARGETS.flatMap(([what, wanted, ratio]) => {
    const value = found(table, ratio);
    return value === undefined ? [] : { what, wanted, found: value, verdict: verdict(wanted, value) };
  });
  const targets = [...ratios, ...faultTargets(Object.values(faults))];
  const floors = FLOORS.flatMap(([what, ratio]) => {
    const value = found(table, ratio);
    return value === undefined ? [] : { what, found: value };
  });
  const processes = (all: Figures["processes"]) =>
    Object.entries(all)
      .map(([name, each]) => `${name} ${each.cpu} s, ${Math.round(each.memory)} MB`)
      .join("; ");
  const rows = Object.entries(table).flatMap(([name, figures]) =>
    Object.entries(figures).map(
      ([contender, { perSecond, p50, p99, cpu: spent, errors, processes: all }]) => [
        ...[name, contender, `${Math.round(perSecond)}/s`, `${p50} ms`, `${p99} ms`],
        ...[`${spent} CPU-s`, processes(all), `${errors} errors`],
      ],
    ),
  );
  return {
    json: { targets, floors, cases: table, faults },
    text: [
      ...columns([
        ...targets.map(({ what, wanted, found: value, verdict: said }) => [what, `${value}`, wanted, said]),
        ...floors.map(({ what, found: value }) => [what, `${value}`, "floor", ""]),
      ]),
      ...part(["case", "", "rate", "p50", "p99", "of 100,000 requests", "each process", ""], rows),
      ...part(
        ["fault", "reads", "failed", "left alone after (median, most)"],
        Object.entries(faults).map(([name, { reads, failed, leftAlone }]) => [
          ...[name, `${reads}`, `${failed}`, `${leftAlone.median} ms, ${leftAlone.most} ms`],
        ]),
      ),
    ],
  };
}

const part = (head: string[], rows: string[][]): string[] =>
  rows.length === 0 ? [] : ["", ...columns([head, ...rows])];

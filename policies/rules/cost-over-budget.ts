import type { CostLine } from "../../components/core/hardware/cost";
import { extraLine, hostCost, totalOf } from "../../components/core/hardware/cost";
import type { Graph } from "../graph";
import { type Rule, violation } from "../rule";

export const costOverBudget: Rule = {
  id: "cost-over-budget",
  level: "mandatory",
  title: "the stack costs no more a month than its budget, with every pool at its largest",
  reason: "a machine type or a disk that was changed by hand is seen on the bill, a month later",
  remedy: "take fewer or smaller machines, or raise nodewright:budget and let somebody sign that",
  check: (graph) => {
    const { budget } = graph.intent;
    const [first] = graph.machines;
    const cost = totalOf(linesOf(graph));
    if (budget === undefined || !first || cost <= budget) return [];
    const dearest =
      [...graph.machines].sort((left, right) => costOf(right, graph) - costOf(left, graph))[0] ?? first;
    return [
      violation(
        dearest.resource,
        `the stack comes to ${Math.round(cost)} USD a month at list prices, over ${budget}; the dearest is ${dearest.host}`,
      ),
    ];
  },
};

const costOf = (machine: Graph["machines"][number], { catalogs, intent }: Graph): number => {
  const catalog = catalogs[machine.cloud];
  const sold = catalog?.machines.find(({ name }) => name === machine.type);
  if (!catalog || !sold) return 0;
  const disks = machine.disks.flatMap(({ type = "", size, iops, throughput }) =>
    size === undefined || !catalog.disks.some(({ name }) => name === type)
      ? []
      : [
          {
            type,
            size,
            ...(iops === undefined ? {} : { iops }),
            ...(throughput === undefined ? {} : { throughput }),
          },
        ],
  );
  return totalOf(hostCost(catalog, intent.region ?? "", { machine: sold, disks })) * machine.count;
};

/** What a machine type that nobody knows costs nobody can say: the floor's rule speaks of it. */
function linesOf(graph: Graph): CostLine[] {
  const { catalogs, extras, intent, machines } = graph;
  return [
    ...machines.map((machine) => ({ what: machine.host, monthly: costOf(machine, graph) })),
    ...extras.flatMap(({ cloud, extra }) => {
      const catalog = catalogs[cloud];
      return catalog?.extras[extra] === undefined ? [] : [extraLine(catalog, intent.region ?? "", extra)];
    }),
  ];
}

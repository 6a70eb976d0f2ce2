import type { Registry } from "../components/core/config/registry";
import { nodewrightKeys } from "../stacks/stack-file";
import { buildGraph } from "./build-graph";
import type { Graph } from "./graph";
import { intentOf } from "./intent";
import type { Resource } from "./resource";

/** Makes the graph of the stack whose pack this process is: once for the same resources, however many rules ask. */
export function graphOfStack(stack: string, registry: Registry): (resources: readonly Resource[]) => Graph {
  const intent = intentOf(stack, toldConfig(), registry);
  let last: { resources: readonly Resource[]; graph: Graph } | undefined;
  return (resources) => {
    if (last?.resources !== resources) last = { resources, graph: buildGraph(resources, intent) };
    return last.graph;
  };
}

function toldConfig(): Record<string, unknown> {
  const raw = nodewrightKeys(JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, unknown>);
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, read(String(value))]));
}

/** The engine gives maps and lists as JSON, and all else as text. */
function read(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

import { clouds as ours } from "./clouds";
import type { BareMachine, Cloud, Given } from "./clouds/cloud";
import { bornWith, documentsOf, sentTo } from "./documents";
import type { Graph, Intent, Machine } from "./graph";
import { hostOpenings } from "./host-firewall";
import { indexed, type Resource, type Stack } from "./resource";

/** One picture of a stack from its resources. Pure: the same resources give the same graph. */
export function buildGraph(
  resources: readonly Resource[],
  intent: Intent,
  clouds: readonly Cloud[] = ours,
): Graph {
  const stack = indexed(resources);
  const given = { intent, documents: documentsOf(stack) };
  return {
    ...{ stack, intent },
    // Resources come in any order from an engine: what a rule points at must not hang on it.
    machines: clouds
      .flatMap((cloud) => cloud.machines(stack, given).map((machine) => withDocument(machine, stack, given)))
      .sort((left, right) => (left.host < right.host ? -1 : 1)),
    buckets: clouds.flatMap(({ buckets }) => buckets?.(stack) ?? []),
    names: clouds.flatMap(({ names }) => names?.(stack) ?? []),
    catalogs: Object.fromEntries(clouds.flatMap(({ name, catalog }) => (catalog ? [[name, catalog]] : []))),
    extras: clouds.flatMap(({ name, extras }) =>
      (extras?.(stack) ?? []).map((extra) => ({ cloud: name, extra })),
    ),
  };
}

/** What a host's own document says counts before the labels of its machine. */
function withDocument(
  { hostTag, roleTag, ...machine }: BareMachine,
  stack: Stack,
  { documents }: Given,
): Machine {
  const { resource } = machine;
  const sent =
    documents.find(({ by }) => by === resource) ??
    (machine.isPool ? undefined : sentTo(resource, stack, documents));
  const document = sent?.document ?? machine.userData.map((text) => bornWith(text, documents)).find(Boolean);
  const role = document?.role ?? roleTag;
  const by = sent?.by ?? resource;
  return {
    ...machine,
    host: document?.host ?? hostTag ?? resource.name.replace(/-machine$/, ""),
    ...(role === undefined ? {} : { role }),
    ...(document ? { document, documentBy: by } : {}),
    openings: [...machine.openings, ...(document ? hostOpenings(document, by) : [])],
    ports: {
      ssh: { port: 22, protocol: "tcp" },
      ...Object.fromEntries(
        (document?.preflight?.ports ?? []).map(({ name, port, protocol }) => [name, { port, protocol }]),
      ),
    },
  };
}

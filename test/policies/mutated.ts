import { registry } from "../../components/registry";
import { buildGraph } from "../../policies/build-graph";
import type { Graph } from "../../policies/graph";
import { intentOf } from "../../policies/intent";
import { changed } from "./change";
import { type Mutation, SECRET_OF_STACK } from "./mutations";
import type { Recorded } from "./recorded";

/** The graph of a sample with a mutation. */
export function mutated(
  { stack, raw, resources }: Recorded,
  { changes = [], added = [] }: Pick<Mutation, "changes" | "added">,
): Graph {
  const { secrets } = raw as { secrets: Record<string, string> };
  const next = changed(resources, changes, added).map((resource) => {
    const { triggers } = resource.props;
    return Array.isArray(triggers) && triggers.includes(SECRET_OF_STACK)
      ? { ...resource, props: { ...resource.props, triggers: [secrets["producer/signing-key"]] } }
      : resource;
  });
  return buildGraph(next, intentOf(stack, raw, registry));
}

import { registry } from "../../components/registry";
import { buildGraph } from "../../policies/build-graph";
import type { Graph } from "../../policies/graph";
import { intentOf } from "../../policies/intent";
import type { Resource } from "../../policies/resource";
import { changed } from "./change";
import { type Mutation, SECRET_OF_STACK } from "./mutations";
import type { Recorded } from "./recorded";

type Made = Pick<Mutation, "changes" | "added">;

/** The graph of a sample with a mutation. */
export const mutated = (recorded: Recorded, mutation: Made): Graph =>
  buildGraph(mutatedResources(recorded, mutation), intentOf(recorded.stack, recorded.raw, registry));

/** What a sample with a mutation registers. */
export function mutatedResources(
  { raw, resources }: Recorded,
  { changes = [], added = [] }: Made,
): Resource[] {
  const { secrets } = raw as { secrets: Record<string, string> };
  return changed(resources, changes, added).map((resource) => {
    const { triggers } = resource.props;
    return Array.isArray(triggers) && triggers.includes(SECRET_OF_STACK)
      ? { ...resource, props: { ...resource.props, triggers: [secrets["producer/signing-key"]] } }
      : resource;
  });
}

import { buildGraph } from "../build-graph";
import type { Intent, Machine } from "../graph";
import type { Resource } from "../resource";
import type { RuleText, Violation } from "../rule";

/** What the engine would do to one resource. */
export interface Step {
  /** As the engine says it: `same`, `update`, `replace`, `delete`, `create-replacement`, … */
  op: string;
  /** As it is. Absent for one that is new. Secrets are masked: `[secret]`. */
  before?: Resource;
  /** As it shall be. Absent for one that goes. */
  after?: Resource;
}

/**
 * A rule over what an update would do. The engine shows a policy pack neither deletions nor replacements, so these run
 * over the events of a preview: in `npm run policy`, and nowhere else.
 */
export interface UpdateRule extends RuleText {
  check(steps: readonly Step[], intent: Intent): Violation[];
}

const GOES = ["replace", "delete", "delete-replaced", "create-replacement", "discard", "discard-replaced"];

/** Resources that would be deleted, each once; one that is replaced is deleted too. */
export function leaving(steps: readonly Step[]): Resource[] {
  const gone = steps.flatMap(({ op, before }) => (before && GOES.includes(op) ? [before] : []));
  return [...new Map(gone.map((resource) => [resource.urn, resource])).values()];
}

/** Machines that would be deleted, with their roles, as they are now. */
export function leavingMachines(steps: readonly Step[], intent: Intent): Machine[] {
  const urns = new Set(leaving(steps).map(({ urn }) => urn));
  const standing = new Map(steps.flatMap(({ before }) => (before ? [[before.urn, before] as const] : [])));
  return buildGraph([...standing.values()], intent).machines.filter(({ resource }) => urns.has(resource.urn));
}

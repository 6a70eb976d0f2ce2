import type { Change } from "./change";
import { type Mutation, mutations } from "./mutations";

/** What the SDK can do to a program's own resources: it changes properties and protection, and joins nothing anew. */
const isTwist = ({ changes = [], added, also }: Mutation): boolean =>
  changes.length > 0 && !added && !also && changes.every(({ from }) => from === undefined);

/** Mutations of a sample that one run can have all at once: one for each rule, no two at the same resource. */
export function twistsOf(sample: string): Mutation[] {
  const chosen: Mutation[] = [];
  const key = ({ type, name }: Change) => `${type} ${name}`;
  for (const mutation of mutations.filter((each) => each.sample === sample && isTwist(each))) {
    const taken = chosen.flatMap(({ changes = [] }) => changes.map(key));
    const isFree = (mutation.changes ?? []).every((change) => !taken.includes(key(change)));
    if (isFree && !chosen.some(({ rule }) => rule === mutation.rule)) chosen.push(mutation);
  }
  return chosen;
}

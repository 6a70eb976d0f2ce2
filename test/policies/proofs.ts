import { targetOf } from "../stacks/cloud-life";
import { type Mutation, mutations } from "./mutations";

/** Samples by what a run of each costs, the cheapest first: by their number of resources. */
const SIZES = ["eos-metal", "docker", "eos-digitalocean", "wax-aws", "eos-gcp", "eos-aws"];
const sizeOf = ({ sample }: Mutation): number => SIZES.indexOf(sample);
const isAlone = ({ also }: Mutation): boolean => also === undefined;

/** For each rule the mutation that fails for its reason only, on the smallest sample that has one. */
export const singles: readonly Mutation[] = [...new Set(mutations.map(({ rule }) => rule))].flatMap(
  (rule) => {
    const [first] = mutations
      .filter((each) => each.rule === rule && isAlone(each))
      .sort((a, b) => sizeOf(a) - sizeOf(b));
    return first ? [first] : [];
  },
);

const keyOf = ({ rule, sample }: Mutation): string => `${rule} ${targetOf(sample)}`;

/** The first mutation of each rule on each kind of target that no single one is of. */
const others = (): Mutation[] => {
  const taken = new Set(singles.map(keyOf));
  return mutations.filter((each) => {
    const isNew = isAlone(each) && !taken.has(keyOf(each));
    if (isNew) taken.add(keyOf(each));
    return isNew;
  });
};

/** Mutations that one run can have all at once: of different rules, at different hosts. */
export function batches(): Mutation[][] {
  const made: Mutation[][] = [];
  for (const mutation of others()) {
    const room = made.find((batch) => batch.every((each) => goTogether(each, mutation)));
    if (room) room.push(mutation);
    else made.push([mutation]);
  }
  return made;
}

const goTogether = (one: Mutation, other: Mutation): boolean =>
  one.sample === other.sample &&
  one.rule !== other.rule &&
  !touched(one).some((name) => touched(other).includes(name));

/** What a mutation is about: the host of what it changes, or the thing itself where it is no host's. */
const touched = ({ at, changes = [], added = [] }: Mutation): string[] =>
  [at, ...changes.map(({ name }) => name), ...added.map(({ name }) => name)].map((name) =>
    name.replace(/-(machine|data|document|attachment|firewall)$/, ""),
  );

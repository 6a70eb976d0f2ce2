/** The middle one; of an even number the lower of the two in the middle. */
export const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

/** The median of each figure over several runs of the same. */
export const medians = <Run extends Record<Key, number>, Key extends string>(
  runs: readonly Run[],
  keys: readonly Key[],
): Record<Key, number> =>
  Object.fromEntries(keys.map((key) => [key, round(median(runs.map((run) => run[key])))])) as Record<
    Key,
    number
  >;

export const round = (value: number): number => Math.round(value * 1000) / 1000;

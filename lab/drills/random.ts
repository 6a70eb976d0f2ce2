import { createHash } from "node:crypto";

/** A source of chance that a seed repeats: the same seed gives the same drill on every machine. */
export interface Random {
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  pick<Value>(from: readonly [Value, ...Value[]]): Value;
  /** A copy in another order. */
  shuffle<Value>(list: readonly Value[]): Value[];
}

const SPAN = 2 ** 48;

/** Hashes of a counter: no state to carry, and no pattern that a fault could hide in. */
export function randomFrom(seed: number): Random {
  let count = 0;
  const next = (below: number) =>
    Math.floor((createHash("sha256").update(`${seed} ${count++}`).digest().readUIntBE(0, 6) / SPAN) * below);
  return {
    integer: (from, to) => from + next(to - from + 1),
    pick: (from) => from[next(from.length)] ?? from[0],
    shuffle: (list) =>
      list
        .map((value) => ({ value, at: next(SPAN) }))
        .sort((one, other) => one.at - other.at)
        .map(({ value }) => value),
  };
}

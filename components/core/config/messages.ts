import type { z } from "zod";

/** What is wrong and the way out, for each kind of mistake that a schema can find. */
export function messageFor(issue: z.core.$ZodIssue, value: unknown, choices: Choices): string {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? `is missing: ${expected(issue.expected)}`
        : `is ${kindOf(value)}, must be ${expected(issue.expected)}`;
    case "invalid_value":
      return choose(value, issue.values.map(String));
    case "invalid_union":
      return issue.path.at(-1) === "role" ? choose(value, choices.roles) : issue.message;
    case "too_small":
      if (!issue.message.startsWith("Too small")) return issue.message;
      return `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${unit(issue.origin)}`;
    case "too_big":
      return `must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${unit(issue.origin)}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? "is no valid key";
    case "unrecognized_keys":
      return "is no known key";
    default:
      return `${typeof value === "string" ? `"${value}" ` : ""}${issue.message}`;
  }
}

export interface Choices {
  roles: string[];
}

/** For a key that the schema does not know. */
export const unknownKey = (key: string, known: readonly string[]): string =>
  `is no known key.${suggestion(key, known)} Known: ${[...known].sort().join(", ")}`;

const choose = (value: unknown, allowed: readonly string[]): string =>
  value === undefined
    ? `is missing: one of ${allowed.join(", ")}`
    : `"${String(value)}" is not one of them.${suggestion(String(value), allowed)} Choose: ${allowed.join(", ")}`;

/** ` Did you mean …?`, or nothing where no known word is near. */
export const suggestion = (word: string, known: readonly string[]): string => {
  const near = known
    .map((each) => ({ each, distance: distance(word, each) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= Math.max(2, word.length / 3) ? ` Did you mean ${near.each}?` : "";
};

const WORDS: Record<string, string> = {
  object: "a map of keys",
  record: "a map of keys",
  array: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

const expected = (kind: string): string => WORDS[kind] ?? kind;
const unit = (origin: string): string =>
  origin === "array" ? " entries" : origin === "string" ? " characters" : "";

function kindOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map of keys";
  return `${WORDS[typeof value] ?? typeof value} (${JSON.stringify(value)})`;
}

/** Levenshtein's, counting a swap of neighbours as one. */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= left.length; row++) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          (line[column - 1] ?? 0) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(left.length, right.length);
}

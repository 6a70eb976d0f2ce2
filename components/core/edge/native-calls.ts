import { type Method, namesOf } from "./methods";

/**
 * Patterns (PCRE2) of bodies that HAProxy may send to a node as they are. Parsers differ in what they take for the
 * method: the first key or the last, with or without case, with escapes or without. So a body passes only if each call of it
 * has one string "method", in any case and at any depth, which is followed by a method that may pass, and if nothing in it is
 * escaped: then it does not matter which of them a node picks. All else goes to the gateway, which reads strictly.
 *
 * Every quantifier is possessive, so time grows with the length and the depth alone.
 */

/** What is no bracket: text between strings, and strings without escapes that are not the key "method" in some spelling. */
const FLAT = String.raw`(?<f>(?:[^"{}\[\]\\]++|(?!"[mM][eE][tT][hH][oO][dD]")"[^"\\]*+")*+)`;

/** Parameters of real calls nest five deep; what is deeper the gateway reads, which stops somewhere, too. */
const DEPTH = 5;
const NESTED = Array.from({ length: DEPTH }, (_, level) => {
  const inner = level === 0 ? "" : `(?:(?&n${level - 1})(?&f))*+`;
  return String.raw`(?<n${level}>[\[{](?&f)${inner}[\]}])`;
}).join("");

/** An object with one method; `inner` is what else may be nested in it. */
const objectWith = (method: string, inner: string): string => {
  const rest = `(?&f)(?:${inner}(?&f))*+`;
  return String.raw`\{${rest}"method"\s*+:\s*+"${method}"${rest}\}\s*+`;
};
const anyOf = (names: readonly string[]): string => names.join("|");
const PARAMETERS = `(?&n${DEPTH - 1})`;

/** Groups that are called and never matched where they stand. They come last: HAProxy hands on the first nine. */
const defined = (groups: string): string => `(?(DEFINE)${groups})`;

/** HAProxy's map of patterns gives back up to nine groups; each step is some bytes of user data. */
const GROUPS = 6;

/** Batches are paid for in steps, by the calls at the end of each: 1, 2, 5, 10, 22, 46, 100 up to a hundred. */
export const stepsOf = (most: number): number[] => [
  ...new Set(Array.from({ length: GROUPS + 1 }, (_, step) => Math.round(most ** (step / GROUPS)))),
];

const single = (names: readonly string[]): string =>
  String.raw`\A\s*+${objectWith(`(${anyOf(names)})`, PARAMETERS)}\z${defined(FLAT + NESTED)}`;

/** Calls without parameters. */
const bare = (names: readonly string[]): string =>
  String.raw`\A\s*+${objectWith(`(${anyOf(names)})`, String.raw`\[\s*+]`)}\z${defined(FLAT)}`;

/** Up to `most` calls; a group for each step that their number goes beyond. */
const batch = (names: readonly string[], most: number): string => {
  const more = (calls: number) => (calls > 0 ? `(?:,(?&e)){0,${calls}}+` : "");
  const steps = stepsOf(most);
  const beyond = steps.reduceRight((after, end, step) => {
    const before = steps[step - 1];
    return before === undefined
      ? `${more(end - 1)}${after}`
      : `(?:(,)(?&e)${more(end - before - 1)}${after})?+`;
  }, "");
  const element = String.raw`(?<e>\s*+${objectWith(`(?:${anyOf(names)})`, PARAMETERS)})`;
  return String.raw`\A\s*+\[(?&e)${beyond}]\s*+\z${defined(FLAT + NESTED + element)}`;
};

/** What a batch is called: what each call costs, and a comma for each step that their number goes beyond. */
const code = (cost: number, commas: string): string => `[${cost}${commas}`;
const REFERENCES = Array.from({ length: GROUPS }, (_, index) => `\\${index + 1}`).join("");

/** Costs that a call may have which HAProxy itself sends to a node, the smallest first. */
const costsOf = (methods: ReadonlyMap<string, Method>, names: readonly string[]): number[] =>
  [...new Set(names.map((name) => methods.get(name)?.cost ?? 0))].sort((left, right) => left - right);

/**
 * Lines of the map of bodies that may pass: for a single call its method, for a batch a name that says how many units it
 * takes, which is by its dearest call: cheaper ones are told from dearer by the pattern of which they are.
 * Logs may not pass: their range is to be looked at.
 */
export function nativeBodies(methods: ReadonlyMap<string, Method>, most: number): string[] {
  const costOf = (name: string) => methods.get(name)?.cost ?? 0;
  // The cheap ones first, so that the list of these is a part of that of all, which user data then holds once.
  const reads = namesOf(methods, "read").sort((left, right) => costOf(left) - costOf(right));
  const upTo = (cost: number) => reads.filter((name) => costOf(name) <= cost);
  const prices = nativePrices(methods);
  return [
    ...(reads.length > 0 ? [String.raw`${single(reads)} \1`] : []),
    ...costsOf(methods, reads).map((cost) => `${batch(upTo(cost), most)} ${code(cost, REFERENCES)}`),
    ...(prices.length > 0 ? [String.raw`${bare(prices)} \1`] : []),
  ];
}

/** Lines of the map of what such a batch takes. */
export const batchUnits = (methods: ReadonlyMap<string, Method>, most: number): string[] =>
  costsOf(methods, namesOf(methods, "read")).flatMap((cost) =>
    stepsOf(most).map((calls, step) => `${code(cost, ",".repeat(step))} ${cost * calls}`),
  );

export const nativePrices = (methods: ReadonlyMap<string, Method>): string[] => namesOf(methods, "price");

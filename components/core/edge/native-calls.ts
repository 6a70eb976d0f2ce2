import { type Method, namesOf } from "./methods";

/**
 * Patterns (PCRE2) of bodies that HAProxy may send to a node as they are. Parsers differ in what they take for the
 * method: the first key or the last, with or without case, with escapes or without. So a body passes only if every
 * string "method" in it, in any case and at any depth, is followed by a method that may pass, and if nothing in it is
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

const objectWith = (names: readonly string[], inner: string): string =>
  String.raw`\{(?&f)(?:(?:"method"\s*+:\s*+"(?:${names.join("|")})"|${inner})(?&f))*+\}\s*+`;

/** The groups are only called, never matched where they stand. */
const defined = (groups: string): string => `(?(DEFINE)${groups})`;

/** One call without parameters. */
export const bareCall = (names: readonly string[]): string =>
  String.raw`${defined(FLAT)}\A\s*+${objectWith(names, String.raw`\[\s*+]`)}\z`;

/** One call, or a batch of up to so many, all of these methods. One pattern, since their names take most of it. */
export const callOrBatch = (names: readonly string[], most: number): string => {
  const element = String.raw`(?<e>\s*+${objectWith(names, `(?&n${DEPTH - 1})`)})`;
  return String.raw`${defined(FLAT + NESTED + element)}\A(?:(?&e)|\s*+\[(?&e)(?:,(?&e)){0,${most - 1}}+]\s*+)\z`;
};

/** What HAProxy sends to nodes by itself. Logs may not: their range is to be looked at. */
export const nativeReads = (methods: ReadonlyMap<string, Method>): string[] => namesOf(methods, "read");

export const nativePrices = (methods: ReadonlyMap<string, Method>): string[] => namesOf(methods, "price");

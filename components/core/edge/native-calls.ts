import { type Method, namesOf } from "./methods";

/**
 * Patterns (PCRE2) of bodies that HAProxy may send to a node as they are. Parsers differ in what they take for the
 * method: the first key or the last, with or without case, with escapes or without. So a body passes only if every
 * string "method" in it, in any case and at any depth, is followed by a method that may pass, and if nothing in it is
 * escaped: then it does not matter which of them a node picks. All else goes to the gateway, which reads strictly.
 *
 * Every quantifier is possessive, so time grows with the length and the depth alone.
 */

/** A string without escapes that is not the key "method" in some spelling. */
const OTHER_STRING = String.raw`(?!"[mM][eE][tT][hH][oO][dD]")"[^"\\]*+"`;
const PLAIN = String.raw`[^"{}\[\]\\]++`;
/** Parameters of real calls nest four deep; what is deeper the gateway reads, which stops somewhere, too. */
const DEPTH = 8;
const NESTED = Array.from({ length: DEPTH }, (_, level) => {
  const inner = level === 0 ? "" : `|(?&n${level - 1})`;
  return String.raw`(?<n${level}>[\[{](?:${PLAIN}|${OTHER_STRING}${inner})*+[\]}])`;
}).join("");
const INNER = `(?&n${DEPTH - 1})`;

const objectWith = (names: readonly string[]): string =>
  String.raw`\{(?:${PLAIN}|"method"\s*+:\s*+"(?:${names.join("|")})"|${OTHER_STRING}|${INNER})*+\}\s*+`;

/** The group is only called, never matched where it stands. */
const withNested = (pattern: string): string => `(?(DEFINE)${NESTED})${pattern}`;

/** One call. */
export const singleCall = (names: readonly string[]): string =>
  withNested(String.raw`\A\s*+${objectWith(names)}\z`);

/** One call, or a batch of up to so many, all of these methods. One pattern, since their names take most of it. */
export const callOrBatch = (names: readonly string[], most: number): string =>
  withNested(
    String.raw`(?(DEFINE)(?<e>\s*+${objectWith(names)}))\A(?:(?&e)|\s*+\[(?&e)(?:,(?&e)){0,${most - 1}}+\]\s*+)\z`,
  );

/** What HAProxy sends to nodes by itself. Logs may not: their range is to be looked at. */
export const nativeReads = (methods: ReadonlyMap<string, Method>): string[] => namesOf(methods, "read");

export const nativePrices = (methods: ReadonlyMap<string, Method>): string[] => namesOf(methods, "price");

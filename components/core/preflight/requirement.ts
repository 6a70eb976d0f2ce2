/**
 * One thing that a host must be. The host itself compares: what is known of it, and when, is in `judge-script.ts`.
 * - `at-least`, `at-most`: a number. A fact that is not known is too little, and never too much.
 * - `is`, `is-not`: a word. - `none-but`: every value of a fact that has several.
 * - `free`, `listens`: a port, `tcp/8888`.
 */
export interface Requirement {
  /** `refused`: nothing is changed on any host. `warning`: only said. */
  severity: "refused" | "warning";
  test: "at-least" | "at-most" | "is" | "is-not" | "none-but" | "free" | "listens";
  /** A fact's name, or a port. */
  name: string;
  value: string | number;
  /** What is wrong and the way out, for people; the first `%s` is what was seen. */
  reason: string;
}

/** Requirements as the host reads them: a line each, fields between tabs. */
export const requirementLines = (requirements: readonly Requirement[]): string =>
  requirements
    .map(
      ({ severity, test, name, value, reason }) =>
        `${[severity, test, name, value, reason].map(oneField).join("\t")}\n`,
    )
    .join("");

/** Reasons quote what an operator wrote, line ends and all. */
const oneField = (value: string | number): string => String(value).replace(/\s+/g, " ").trim();

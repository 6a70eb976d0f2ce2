/**
 * What one look came to. `fix`: it stands in the way. `note`: it will, later or for somebody. `unasked`: nobody could tell
 * here, and what to look at instead.
 */
export interface Line {
  about: "machine" | "engine" | "docker" | "stack" | "cloud" | "access";
  what: string;
  state: "ok" | "note" | "fix" | "unasked";
  said: string;
  /** What to do about it. */
  remedy?: string;
}

const MARKS: Readonly<Record<Line["state"], string>> = { ok: "✓", note: "•", fix: "✗", unasked: "?" };

export const mustFix = (lines: readonly Line[]): boolean => lines.some(({ state }) => state === "fix");

/** As people read them: what is in the way with its remedy below it. */
export function printLines(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length));
  const fixes = lines.filter(({ state }) => state === "fix").length;
  const indent = " ".repeat(width + 6);
  return [
    ...lines.flatMap(({ what, state, said, remedy }) => [
      `  ${MARKS[state]} ${what.padEnd(width)}  ${said.replaceAll("\n", `\n${indent}`)}`,
      ...(remedy === undefined ? [] : remedy.split("\n").map((each) => `${indent}→ ${each}`)),
    ]),
    "",
    fixes === 0 ? "nothing stands in the way" : `${fixes} to fix before it can go on`,
    "",
  ].join("\n");
}

import type { DrillResult, Figures, Round } from "./drill";

const GREEN = "\u001b[32m";
const RED = "\u001b[31m";
const PLAIN = "\u001b[0m";

const figuresText = (figures: Figures): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

/** A line for a round; below a failed one, why. */
export function roundText(
  { round, fault, ok, reason, seconds, figures }: Round,
  isColoured: boolean,
): string {
  const colour = (code: string, text: string) => (isColoured ? `${code}${text}${PLAIN}` : text);
  const mark = ok ? colour(GREEN, "✓") : colour(RED, "✗");
  const details = [`${seconds.toFixed(1)} s`, ...(figures ? [figuresText(figures)] : [])];
  const why = reason === undefined ? "" : `\n${reason.replace(/^/gm, "      ")}`;
  return `  ${mark} ${String(round).padStart(3)}  ${fault} (${details.join("; ")})${why}`;
}

export function resultText({ drill, seed, passed, failed, seconds, rounds }: DrillResult): string {
  const again = failed > 0 ? `; again with --seed ${seed} --rounds ${rounds.length}` : "";
  return `${drill}: ${passed} of ${rounds.length} rounds held, ${failed} failed, ${seconds.toFixed(1)} s${again}`;
}

import { sha256 } from "./disk";

/** What a change does to one piece of content. The hashes are sha256; `before` is missing where there was nothing, `after` where nothing remains. */
export interface Difference {
  before?: string;
  after?: string;
  /** Lines taken away (`-`) and added (`+`), where the old content is known to hold no secret. */
  lines?: string[];
}

/** A difference with the name of what differs. */
export type ContentDifference = Difference & { what: string };

/** Those of a list of changes that have content. */
export const contentDifferences = (
  changes: readonly { what: string; difference?: Difference }[],
): ContentDifference[] =>
  changes.flatMap(({ what, difference }) => (difference ? [{ what, ...difference }] : []));

/** Lines shown of one file. */
const MOST_LINES = 20;
/** Cells of the table of common lines; a pair of texts larger than that shows its hashes alone. */
const MOST_CELLS = 4_000_000;

/**
 * From one text to another. Of a file whose content came from no document of ours only the hashes are told: whoever
 * edited it may have put a secret there.
 */
export function difference(before: string | undefined, after: string, isOurs: boolean): Difference {
  const lines = before === undefined || !isOurs ? [] : shortened(changedLines(before, after));
  return {
    ...(before === undefined ? {} : { before: sha256(before) }),
    after: sha256(after),
    ...(lines.length > 0 ? { lines } : {}),
  };
}

const shortened = (lines: readonly string[]): string[] =>
  lines.length <= MOST_LINES
    ? [...lines]
    : [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines`];

/** The shortest list of lines to take away and add, in order. Empty if the texts are the same, or too large to compare. */
export function changedLines(before: string, after: string): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  if ((old.length + 1) * (fresh.length + 1) > MOST_CELLS) return [];
  // common[i][j]: length of the longest common run of lines of old from i on and fresh from j on.
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row) row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < old.length || j < fresh.length; ) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i += 1;
      j += 1;
    } else if (i < old.length && (j === fresh.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${old[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${fresh[j]}`);
      j += 1;
    }
  }
  return lines;
}

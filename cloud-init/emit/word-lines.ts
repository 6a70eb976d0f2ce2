/** A setting of one line as its words, or why those that follow stand there. */
export type WordLine = readonly string[] | { why: string };

/**
 * Prints the many formats that are a keyword and its values on a line and have `#` for remarks: sshd_config, chrony's,
 * audit rules, sysctl.d, apt.conf. Throws RangeError for a word that would not stay on its line.
 */
export const printWordLines = (lines: readonly WordLine[]): string =>
  lines.map((line) => `${"why" in line ? `# ${oneLine(line.why)}` : line.map(oneLine).join(" ")}\n`).join("");

function oneLine(word: string): string {
  if (/[\n\r]/.test(word)) throw new RangeError(`a setting is one line: ${JSON.stringify(word)}`);
  return word;
}

import type { HaproxySection } from "../../components/core/services/service";

/** Prints an HAProxy configuration (its management guide, section 2.2: quoting). */
export function printHaproxy(sections: readonly HaproxySection[]): string {
  return sections
    .map(({ kind, name, lines }) =>
      [
        [kind, ...(name === undefined ? [] : [name])].join(" "),
        ...lines.map((words) => `    ${words.map(quote).join(" ")}`),
        "",
      ].join("\n"),
    )
    .join("\n");
}

/** Strong quotes keep everything but themselves as it is: no variable, no escape. */
function quote(word: string): string {
  if (/[\n\r]/.test(word)) throw new RangeError("an HAProxy word is one line");
  if (/^[\w@%+=:;,./*{}[\]!<>-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}

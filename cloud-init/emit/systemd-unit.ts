/** A unit file as data: sections in order, each an ordered list of settings. */
export type UnitSections = Record<string, [key: string, value: string | number | boolean | undefined][]>;

/** Prints a unit file (systemd.syntax(7)). A setting whose value is undefined is left out. */
export function printUnit(sections: UnitSections): string {
  return Object.entries(sections)
    .map(
      ([name, settings]) =>
        `[${name}]\n${settings.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${print(key, value)}\n`])).join("")}`,
    )
    .join("\n");
}

function print(key: string, value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (/[\n\r]/.test(String(value))) throw new RangeError(`${key}: a unit setting is one line`);
  return String(value);
}

/** A command line as `Exec…=` takes it: words quoted, `%` and `$` literal unless the word is a variable alone. */
export const commandLine = (words: readonly string[]): string => words.map(quoteWord).join(" ");

function quoteWord(word: string): string {
  if (/^\$[A-Z]+$/.test(word)) return word;
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$[\]-]+$/.test(escaped)
    ? escaped
    : `"${escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** `Environment=` for one variable. */
export const environment = (name: string, value: string): string => quoteSetting(`${name}=${value}`);

const quoteSetting = (text: string): string =>
  `"${text.replaceAll("%", "%%").replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

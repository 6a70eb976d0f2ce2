/** Prints a nodeos config.ini (Boost.Program_options: `key = value`, a key may come again, `#` begins a comment). */
export function printIni(entries: readonly [key: string, value: string | number | boolean][]): string {
  return entries.map(([key, value]) => `${key} = ${check(key, String(value))}\n`).join("");
}

function check(key: string, value: string): string {
  if (/[\n\r#]/.test(value)) throw new RangeError(`${key}: a value of config.ini is one line without "#"`);
  return value;
}

/** An amount of a token in its smallest units. */
export interface Asset {
  units: bigint;
  precision: number;
  code: string;
}

/** Reads `1.0000 EOS`. Throws a `RangeError` for anything else. */
export function parseAsset(text: string): Asset {
  const match = /^(\d+)(?:\.(\d{1,18}))? ([A-Z]{1,7})$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is no amount: write it like 1.0000 EOS`);
  const [, whole = "", part = "", code = ""] = match;
  return { units: BigInt(whole + part), precision: part.length, code };
}

export function assetText({ units, precision, code }: Asset): string {
  const digits = units.toString().padStart(precision + 1, "0");
  const cut = digits.length - precision;
  return `${digits.slice(0, cut)}${precision > 0 ? `.${digits.slice(cut)}` : ""} ${code}`;
}

/** `4,EOS`: two amounts can be compared where it is the same. */
export const symbolOf = ({ precision, code }: Asset): string => `${precision},${code}`;

/** What is missing of `wanted`, or undefined where there is enough. */
export function missingOf(wanted: string, has: string): string | undefined {
  const [goal, found] = [parseAsset(wanted), parseAsset(has)];
  return goal.units > found.units ? assetText({ ...goal, units: goal.units - found.units }) : undefined;
}

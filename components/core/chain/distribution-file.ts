import { error, type Finding } from "../config/finding";
import { assetText, parseAsset, symbolOf } from "./asset";

export interface Transfer {
  to: string;
  amount: string;
}

const NAME = /^(?!\.)[a-z1-5.]{1,12}(?<!\.)$/;
const AMOUNT = /^\d{1,18}(\.\d{1,18})? [A-Z]{1,7}$/;

/**
 * Reads `account,1.0000 EOS`, one a line; empty lines and those that begin with # are passed over. All that is wrong with it
 * is reported at once, by line; where anything is, nothing of it may be transferred.
 */
export function readDistribution(
  text: string,
  { from, total }: { from: string; total: string },
): { transfers: Transfer[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const transfers: Transfer[] = [];
  const lineOf = new Map<string, number>();
  const say = (line: number, message: string) =>
    findings.push(error(`chain.distribution.file line ${line}`, message));
  const goal = parseAsset(total);
  let sum = 0n;
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    if (whole.trim() === "" || whole.startsWith("#")) continue;
    const [to = "", amount = "", ...rest] = whole.split(",").map((part) => part.trim());
    const line = index + 1;
    if (rest.length > 0) say(line, `has ${rest.length + 2} fields: write account,1.0000 EOS`);
    if (!NAME.test(to)) say(line, `"${to}" is no account name: up to 12 of a–z, 1–5 and dots`);
    else if (to === from) say(line, `${to} is the sender itself: take the line out`);
    const first = lineOf.get(to);
    if (first !== undefined) say(line, `${to} stands in line ${first} already: make one line of both`);
    else lineOf.set(to, line);
    if (!AMOUNT.test(amount)) {
      say(line, `"${amount}" is no amount: write it like ${total}`);
      continue;
    }
    const asset = parseAsset(amount);
    if (symbolOf(asset) !== symbolOf(goal))
      say(line, `${amount} is not in ${symbolOf(goal)}, as the total is`);
    else if (asset.units === 0n) say(line, `${amount} is nothing: take the line out`);
    else sum += asset.units;
    transfers.push({ to, amount });
  }
  if (findings.length === 0 && sum !== goal.units)
    findings.push(
      error(
        "chain.distribution.total",
        `is ${total}, the lines add up to ${assetText({ ...goal, units: sum })}: correct one of them`,
      ),
    );
  return { transfers, findings };
}

import type { Plan } from "./plan";

/** An amount of USD as people read it: `7,412.50`, whole where it is. */
export const moneyText = (amount: number): string =>
  amount.toLocaleString("en-US", {
    minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
    maximumFractionDigits: 2,
  });

/** The same in a column: the points one below the other. */
const cell = (amount: number): string =>
  amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).padStart(10);

export const costTitle = ({ cost }: Plan): string =>
  cost ? `cost (USD a month, list prices of ${cost.date}: ${cost.source})` : "";

/** Each host and its parts, what the stack shares, and all of it together. */
export function costRows({ cost, pools }: Plan): string[][] {
  if (!cost) return [];
  const sizes = new Map(pools.map(({ name, min }) => [name, min]));
  return [
    ...cost.hosts.map(({ name, monthly, parts }) => [
      sizes.has(name) ? `${name} ×${sizes.get(name)}` : name,
      cell(monthly),
      `${sizes.has(name) ? "each: " : ""}${parts.map((part) => `${part.what} ${moneyText(part.monthly)}`).join(" + ")}`,
    ]),
    ...cost.shared.map(({ what, monthly }) => ["shared", cell(monthly), what]),
    ["in all", cell(cost.total), ""],
    ...(cost.most > cost.total ? [["at most", cell(cost.most), "every pool at its largest"]] : []),
  ];
}

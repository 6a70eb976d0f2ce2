import type { HaproxySection } from "../services/service";
import { keyTable, unitPrice } from "./api-keys";
import type { EdgePlan } from "./edge-plan";
import { refuse } from "./haproxy-answer";
import { rule } from "./haproxy-rule";
import { methodCounts } from "./method-counts";

/** What an answer of the gateway cost, told to HAProxy alone: it knows each call of a body that HAProxy could not read. */
export const UNITS_HEADER = "x-edge-units";

/** A client may spend this long ahead. */
export const WINDOW_MICROS = 10_000_000;

/** Of what is kept half is for what is to come: `unitPrice` sees to it that no request takes more. */
const HALF = 2 ** 31 - 1;
const WHOLE = 2 ** 32 - 1;

/** The moment up to which a client has spent what it may, in microseconds, of which 32 bits are kept. */
const KEPT = "gpt(1)";
const SPENT_UNTIL = "sc_get_gpt(0,1)";
const spendUntil = (value: string) => ["sc-set-gpt(0,1)", `${value},and(${WHOLE})`];

export const spendingTables = (plan: EdgePlan): HaproxySection[] => [
  {
    kind: "backend",
    name: "clients",
    lines: [["stick-table", "type", "ipv6", "size", "100k", "expire", "60s", "store", KEPT]],
  },
  ...keyTable(plan, KEPT),
];

/**
 * Each client has a moment up to which it has spent its units (a leaky bucket, as GCRA writes it down): a request moves it by
 * what the request costs, and is refused once it lies too far ahead. `txn.at` is now, `txn.units` what is taken.
 * Two requests of one client that HAProxy's threads look at in the same microsecond may count as one.
 */
export function spending(plan: EdgePlan): string[][] {
  const { rules, price } = unitPrice(plan);
  return [
    ...rules,
    rule("set-var(txn.ahead)", `${SPENT_UNTIL},sub(txn.at),and(${WHOLE})`),
    // That moment has passed, or there never was one. It is not looked up again: another request may have set it meanwhile.
    rule(
      ...["set-var(txn.ahead)", "int(0)", "if", "{", "var(txn.ahead)", "-m", "int", "gt", String(HALF), "}"],
      ...["||", "{", `var(txn.ahead),add(txn.at),and(${WHOLE})`, "-m", "int", "0", "}"],
    ),
    ["acl", "spent", "var(txn.ahead)", "-m", "int", "gt", String(WINDOW_MICROS)],
    ...methodCounts(plan, ["if", "spent"]),
    rule(...refuse(429, -32005, "too many requests", 1), "if", "spent"),
    rule("set-var(txn.spent)", `var(txn.units),mul(${price})`),
    rule(...spendUntil("var(txn.spent),add(txn.ahead),add(txn.at)")),
  ];
}

/** What the gateway says in place of what HAProxy had supposed. */
export function settling(plan: EdgePlan): string[][] {
  const { price } = unitPrice(plan);
  return [
    ["http-response", "set-var(txn.before)", `${SPENT_UNTIL},sub(txn.spent)`],
    [
      ...["http-response", ...spendUntil(`res.hdr(${UNITS_HEADER}),mul(${price}),add(txn.before)`)],
      ...["if", "{", `res.hdr(${UNITS_HEADER})`, "-m", "found", "}"],
    ],
    ["http-response", "del-header", UNITS_HEADER],
  ];
}

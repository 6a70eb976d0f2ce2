import type { HaproxySection } from "../services/service";
import { keyTable, unitPrice } from "./api-keys";
import type { EdgePlan } from "./edge-plan";
import { refuse } from "./haproxy-answer";
import { countCall } from "./method-counts";

/** What an answer of the gateway cost, told to HAProxy alone: it knows each call of a body that HAProxy could not read. */
export const UNITS_HEADER = "x-edge-units";

/** A client may spend this long ahead. */
const WINDOW_MICROS = 10_000_000;

/** No request is paid for longer than this, whatever it holds: what is kept has 32 bits, half of them for what is to come. */
const MOST_MICROS = 600_000_000;
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

const when = (...condition: string[]) => ["if", "{", ...condition, "}"];
const above = (name: string, most: number) => when(`var(${name})`, "-m", "int", "gt", String(most));

/**
 * Each client has a moment up to which it has spent its units (a leaky bucket, as GCRA writes it down): a request moves it by
 * what the request costs, and is refused once it lies too far ahead. `txn.at` is now.
 * Two requests of one client that HAProxy's threads look at in the same microsecond may count as one.
 */
export const spent = (plan: EdgePlan): string[][] => [
  ...unitPrice(plan).rules,
  ["http-request", "set-var(txn.ahead)", `${SPENT_UNTIL},sub(txn.at),and(${WHOLE})`],
  // That moment has passed, or there never was one.
  [
    ...["http-request", "set-var(txn.ahead)", "int(0)", ...above("txn.ahead", HALF)],
    ...["||", "{", SPENT_UNTIL, "eq", "0", "}"],
  ],
];

/** Refuses whoever has spent all, else takes `txn.units`, of the requests that `known` tells by an ACL: `native`, `!native`. */
export const spend = (plan: EdgePlan, known: string): string[][] => {
  const { price } = unitPrice(plan);
  const refused = ["if", known, "{", "var(txn.ahead)", "-m", "int", "gt", String(WINDOW_MICROS), "}"];
  return [
    ...countCall(plan, ["if", known], refused),
    ["http-request", ...refuse(429, -32005, "too many requests", 1), ...refused],
    ["http-request", "set-var(txn.spent)", `var(txn.units),mul(${price})`, "if", known],
    ["http-request", "set-var(txn.spent)", `int(${MOST_MICROS})`, ...above("txn.spent", MOST_MICROS)],
    ["http-request", ...spendUntil("var(txn.spent),add(txn.ahead),add(txn.at)"), "if", known],
  ];
};

/** What the gateway says in place of what HAProxy had supposed. */
export function settling(plan: EdgePlan): string[][] {
  const { price } = unitPrice(plan);
  return [
    [
      ...["http-response", "set-var(txn.owed)", `res.hdr(${UNITS_HEADER}),mul(${price})`],
      ...when(`res.hdr(${UNITS_HEADER})`, "-m", "found"),
    ],
    ["http-response", "set-var(txn.owed)", `int(${MOST_MICROS})`, ...above("txn.owed", MOST_MICROS)],
    [
      ...["http-response", ...spendUntil(`${SPENT_UNTIL},add(txn.owed),sub(txn.spent)`)],
      ...when("var(txn.owed)", "-m", "found"),
    ],
    ["http-response", "del-header", UNITS_HEADER],
  ];
}

import type { EdgePlan } from "./edge-plan";
import { rule } from "./haproxy-rule";

/** How much of a single call is looked at for the name of its method, for its cost and the log alone. */
const NAME_WITHIN = 512;

/** What is taken for a batch: as if one in ten of as many calls as it may have were heavy. The gateway tells it at once. */
const SUPPOSED = 0.1 * 25;

const UNKNOWN = ["{", "var(txn.units)", "-m", "int", "0", "}"];

/**
 * What is supposed of a body that goes to the gateway, as `txn.method` and `txn.units`: its name for the log, and what is
 * taken of the client's units until the gateway says what it was.
 */
export const suppose = ({ folder, limits }: EdgePlan): string[][] => [
  rule("set-var(txn.units)", "int(0)", "if", "!native"),
  rule(
    ...["set-var(txn.method)", `req.body,bytes(0,${NAME_WITHIN}),json_query('$.method')`],
    ...["if", "!native"],
  ),
  rule("set-var(txn.units)", `var(txn.method),map_str_int(${folder}/costs.map,0)`, "if", "!native"),
  // No name, or one that is in no list: that is the client's own text, and does not belong into a log.
  rule("set-var(txn.method)", "str(-)", "if", "!native", "METH_POST", ...UNKNOWN),
  rule("set-var(txn.units)", "int(25)", "if", "!native", "METH_POST", ...UNKNOWN),
  rule(
    ...["set-var(txn.method)", "str(batch)", "if", "!native"],
    ...["{", "req.body,bytes(0,16)", "-m", "reg", String.raw`^\s*\[`, "}"],
  ),
  rule(
    ...["set-var(txn.units)", `int(${Math.ceil(limits.batch * SUPPOSED)})`, "if", "!native"],
    ...["{", "var(txn.method)", "-m", "str", "batch", "}"],
  ),
];

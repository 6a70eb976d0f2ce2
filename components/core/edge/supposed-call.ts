import type { EdgePlan } from "./edge-plan";

/** Where HAProxy knows all of a body, `txn.native` is what it costs. */
export const IS_NATIVE: string[] = ["acl", "native", "var(txn.native)", "-m", "found"];

/** How much of a single call is looked at for the name of its method, for its cost and the log alone. */
const NAME_WITHIN = 512;

/** What a batch takes that HAProxy cannot read: few calls are shorter. */
const BYTES_PER_UNIT = 80;
/** The shortest heavy call has 46 bytes. */
const DEAR = "mul(25),div(46),add(25)";

const BATCH = ["{", "var(txn.method)", "-m", "str", "batch", "}"];
const UNKNOWN = ["{", "var(txn.units)", "-m", "int", "0", "}"];
const rule = (...words: string[]): string[] => ["http-request", ...words];

/**
 * What is supposed of a body that goes to the gateway, as `txn.method` and `txn.units`: its name for the log, and what is
 * taken of the client's units until the gateway says what it was.
 */
export const suppose = ({ folder }: EdgePlan): string[][] => [
  IS_NATIVE,
  rule("set-var(txn.units)", "int(0)", "unless", "native"),
  rule("set-var(txn.method)", "str(-)", "if", "!native", "METH_POST"),
  rule(
    ...["set-var(txn.method)", `req.body,bytes(0,${NAME_WITHIN}),json_query('$.method')`],
    ...["unless", "native"],
  ),
  rule("set-var(txn.units)", `var(txn.method),map_str_int(${folder}/costs.map,0)`, "unless", "native"),
  // A name that is in no list is the client's own text, and does not belong into a log.
  rule("set-var(txn.method)", "str(-)", "if", "!native", "METH_POST", ...UNKNOWN),
  rule("set-var(txn.units)", "int(25)", "if", "!native", "METH_POST", ...UNKNOWN),
  rule(
    ...["set-var(txn.method)", "str(batch)", "if", "!native"],
    ...["{", "req.body,bytes(0,16)", "-m", "reg", String.raw`^\s*\[`, "}"],
  ),
  rule("set-var(txn.units)", `req.body_size,div(${BYTES_PER_UNIT}),add(1)`, "if", "!native", ...BATCH),
  rule(
    ...["set-var(txn.units)", `req.body_size,${DEAR}`, "if", "!native", ...BATCH],
    ...["{", "req.body", "-m", "reg", "-f", `${folder}/dear.lst`, "}"],
  ),
];

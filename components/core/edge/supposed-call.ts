import type { EdgePlan } from "./edge-plan";
import { rule } from "./haproxy-rule";

/** How much of a single call is looked at for the name of its method, for its cost and the log alone. */
const NAME_WITHIN = 512;

/** What is taken for a call without a known name: as much as for the dearest. */
const UNKNOWN = 25;

/** What is taken for a batch: as if one in ten of as many calls as it may have were heavy. The gateway tells it at once. */
const HEAVY_SHARE = 0.1;
export const supposedBatch = ({ limits }: EdgePlan): string =>
  `batch ${Math.ceil(limits.batch * HEAVY_SHARE * UNKNOWN)}`;

/**
 * What is supposed of a body that goes to the gateway, as `txn.method` and `txn.units`: its name for the log, and what is
 * taken of the client's units until the gateway says what it was. What comes by GET is no call, whatever its body says.
 */
export const suppose = ({ folder }: EdgePlan): string[][] => {
  const units = (fallback: string) => `var(txn.method),map_str_int(${folder}/costs.map${fallback})`;
  const posted = ["if", "!native", "METH_POST"];
  return [
    rule("set-var(txn.method)", "str(-)", ...posted),
    rule("set-var(txn.method)", `req.body,bytes(0,${NAME_WITHIN}),json_query('$.method')`, ...posted),
    rule(
      ...["set-var(txn.method)", "str(batch)", ...posted],
      ...["{", "req.body,bytes(0,16)", "-m", "reg", String.raw`^\s*\[`, "}"],
    ),
    rule("set-var(txn.units)", units(`,${UNKNOWN}`), ...posted),
    // A name that is in no list is the client's own text, and does not belong into a log.
    rule("set-var(txn.method)", "str(-)", ...posted, "!{", units(""), "-m", "found", "}"),
  ];
};

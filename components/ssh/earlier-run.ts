/**
 * How long a run waits for one before it, in seconds: a run whose connection was lost goes on to its end on the host, and
 * the next one comes after it and changes what is left.
 */
const EARLIER_RUN_SECONDS = 900;

/** Words for `nodewright-host provision` where nobody sits at the host. */
export const AFTER_EARLIER_RUN: readonly string[] = ["--wait", `${EARLIER_RUN_SECONDS}`];

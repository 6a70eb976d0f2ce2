/** Why eos-evm-node ended, as far as its last words tell: its exit status is 0 for most of them. */
export type Fault = "ship" | "history" | "fork" | "database" | "genesis" | "crash";

/** Words of eos-evm-node 1.0.6 (src/ship_receiver_plugin.cpp, block_conversion_plugin.cpp, engine_plugin.cpp), worst first. */
const WORDS: [fault: Fault, words: RegExp][] = [
  ["database", /mdbx::|MDBX_[A-Z]/],
  ["fork", /Unable to find fork block/],
  ["history", /(Start block|Block #\d+) not available in SHiP/],
  [
    "genesis",
    /Invalid genesis nonce|Genesis state not provided|Specified genesis file does not exist|genesis: /,
  ],
  ["ship", /Max retry reached/],
];

/** The fault that a line tells of. */
export const faultIn = (line: string): Fault | undefined => WORDS.find(([, words]) => words.test(line))?.[0];

/** What counts of several: a database error brings others with it. */
export const worse = (one: Fault | undefined, other: Fault | undefined): Fault | undefined => {
  const rank = (fault: Fault | undefined) => {
    const at = WORDS.findIndex(([each]) => each === fault);
    return at < 0 ? WORDS.length : at;
  };
  return rank(other) < rank(one) ? other : one;
};

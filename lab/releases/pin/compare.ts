import type { LockEntry } from "../../../components/core/releases";
import { programsOf } from "../../../components/core/releases";

/** What recording an entry would mean. */
export interface Comparison {
  verdict: "new" | "same" | "changed";
  /** The entry that it takes the place of. */
  before?: LockEntry;
  /** Programs that other entries bring, and this one takes over: `stand-ins: eos-evm-node`. */
  takesOver: { name: string; programs: string[] }[];
  /** Each a reason not to record it before a person has looked. */
  alarms: string[];
}

/** An entry to be recorded beside those of the lock. */
export function compare(entries: readonly LockEntry[], entry: LockEntry): Comparison {
  const before = entries.find(({ name }) => name === entry.name);
  const takesOver = entries
    .filter((each) => each !== before)
    .map((each) => ({
      name: each.name,
      programs: programsOf(each).filter((program) => programsOf(entry).includes(program)),
    }))
    .filter(({ programs }) => programs.length > 0);
  const verdict = before === undefined ? "new" : isSame(before, entry) ? "same" : "changed";
  return { verdict, ...(before ? { before } : {}), takesOver, alarms: before ? alarmsOf(before, entry) : [] };
}

const isSame = (one: LockEntry, other: LockEntry): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => {
    const [left, right] = [one, other].map((each) => JSON.stringify(each[key as keyof LockEntry]));
    return left === right;
  });

function alarmsOf(before: LockEntry, entry: LockEntry): string[] {
  const { name, version } = entry;
  return [
    ...(before.version === version && before.sha256 !== undefined && before.sha256 !== entry.sha256
      ? [
          `${name} ${version} has changed: the lock has ${before.sha256}, the URL gives ${entry.sha256}. Whoever publishes it, or somebody else, has put other bytes under the same version`,
        ]
      : []),
    ...(before.signature && !entry.signature
      ? [`${name} was signed so far, and this one is given no signature`]
      : []),
    ...(before.signature && entry.signature && before.signature.key !== entry.signature.key
      ? [
          `${name} was signed by the key ${before.signature.key} so far, and this one by ${entry.signature.key}`,
        ]
      : []),
  ];
}

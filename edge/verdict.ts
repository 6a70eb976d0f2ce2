/** What a node said of its newest block. */
export interface Head {
  number: number;
  hash: string;
  /** Seconds since 1970. */
  time: number;
}

export interface Sight {
  name: string;
  /** Undefined where it did not answer, or answered something else. */
  head: Head | undefined;
  /** Hashes it gave of late, by block number. */
  hashes: ReadonlyMap<number, string>;
}

export interface Verdict {
  name: string;
  up: boolean;
  /** Empty when there is nothing to say. */
  reason: string;
}

export interface Bounds {
  /** Seconds that the newest block may be old. */
  headAge: number;
  /** Blocks by which a client may see the chain go back, and seconds behind the native head, whose blocks the EVM's follow. */
  behind: number;
}

/** EVM blocks come each second (eos-evm-node src/block_conversion_plugin.cpp); the native head is that much ahead at least. */
const CONVERSION_SECONDS = 2;

/** Blocks that the others make until a node that stands still is out of HAProxy's rotation. */
const NOTICE_BLOCKS = 2;

/**
 * How far behind the tip a node still answers: less than what clients may see, since the others go on until it is left alone.
 */
const mayLag = ({ behind }: Bounds): number => Math.max(1, behind - NOTICE_BLOCKS);

/**
 * Which nodes may answer. Held against the clock, the native head and one another; when none holds, the freshest serve
 * on, and say so. `nativeTime` and `now` in seconds.
 */
export function judge(
  sights: readonly Sight[],
  bounds: Bounds,
  now: number,
  nativeTime: number | undefined,
): { verdicts: Verdict[]; degraded: boolean } {
  const answering = sights.filter((sight): sight is Sight & { head: Head } => sight.head !== undefined);
  const alone = minorities(answering);
  // A block far in the future is a broken clock or a node that lies; it must not make the others look old.
  const sane = answering.filter(({ name, head }) => !alone.has(name) && head.time <= now + bounds.headAge);
  const tip = Math.max(...sane.map(({ head }) => head.number));
  const reasonOf = ({ name, head }: Sight): string => {
    if (!head) return "does not answer";
    if (alone.has(name)) return "on a branch of its own";
    if (head.time > now + bounds.headAge) return "its head lies in the future";
    if (tip - head.number > mayLag(bounds)) return `${tip - head.number} blocks behind the others`;
    if (now - head.time > bounds.headAge) return `its head is ${Math.round(now - head.time)} s old`;
    const behindNative = nativeTime === undefined ? 0 : nativeTime - head.time - CONVERSION_SECONDS;
    return behindNative > bounds.behind ? `${Math.round(behindNative)} s behind the native chain` : "";
  };
  const verdicts = sights.map((sight) => ({ name: sight.name, reason: reasonOf(sight) }));
  const degraded = verdicts.every(({ reason }) => reason !== "");
  const freshest = (name: string) =>
    sane.some((sight) => sight.name === name && tip - sight.head.number <= mayLag(bounds));
  return {
    degraded,
    verdicts: verdicts.map(({ name, reason }) => ({
      name,
      reason,
      up: reason === "" || (degraded && freshest(name)),
    })),
  };
}

/** Nodes whose hash of some block is not that of the most. Where no hash has a majority nobody can say who is right. */
function minorities(sights: readonly Sight[]): Set<string> {
  const found = new Set<string>();
  for (const number of new Set(sights.flatMap(({ hashes }) => [...hashes.keys()]))) {
    const said = sights.filter(({ hashes }) => hashes.has(number));
    const votes = new Map<string, number>();
    for (const { hashes } of said) {
      const hash = hashes.get(number) ?? "";
      votes.set(hash, (votes.get(hash) ?? 0) + 1);
    }
    const [majority, most] = [...votes].reduce((best, each) => (each[1] > best[1] ? each : best), ["", 0]);
    for (const { name, hashes } of said)
      if (most * 2 > said.length && hashes.get(number) !== majority) found.add(name);
  }
  return found;
}

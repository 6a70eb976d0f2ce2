/** A block that a host signed, as its own log tells it. */
export interface Signed {
  host: string;
  /** Time of the slot, ISO 8601. */
  slot: string;
  number: number;
  id: string;
}

/** A term of the group's history: who held, one after another. */
export interface Term {
  term: number;
  host: string;
  /** Why it was taken, and when, ISO 8601. */
  reason?: string;
  time?: string;
}

export interface Judgement {
  /** Slots that more than one host signed blocks for. */
  doubles: string[];
  /** Where hosts signed in turns without a term that says so: both must have been let produce at the same time. */
  overlaps: string[];
  /** The most slots between two blocks, and which. */
  longestGap: { slots: number; after: string };
}

const SLOT_MS = 500;
/** nodeos: `Produced block 7c0a… #42 @ 2026-11-22T08:00:00.500 signed by eosio [trxs: 0, …]`; the lab's: `#42 17 @ … singer: eosio`. */
const PRODUCED = /Produced block ([0-9a-f]+)\S* #(\d+)(?: \d+)? @ (\S+) /g;

/** What a host's log says that it signed. */
export const signedIn = (host: string, log: string): Signed[] =>
  [...log.matchAll(PRODUCED)].map(([, id = "", number, slot = ""]) => ({
    host,
    id,
    number: Number(number),
    slot,
  }));

/**
 * Judges all that the hosts of a group signed by the history of who held. Slots of the chain's other producers, `elsewhere`,
 * are nobody's gap. Pure.
 */
export function judge(
  signed: readonly Signed[],
  terms: readonly Term[],
  elsewhere: readonly Signed[] = [],
): Judgement {
  const inOrder = [...signed].sort((a, b) => (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : 0));
  const bySlot = new Map<string, Signed[]>();
  for (const block of inOrder) bySlot.set(block.slot, [...(bySlot.get(block.slot) ?? []), block]);
  const doubles = [...bySlot]
    .filter(([, blocks]) => new Set(blocks.map(({ host }) => host)).size > 1)
    .map(
      ([slot, blocks]) =>
        `${slot}: ${blocks.map(({ host, number, id }) => `${host} #${number} ${id}`).join(", ")}`,
    );
  return {
    doubles,
    overlaps: overlapsOf(inOrder, terms),
    longestGap: longestGapOf([...bySlot.keys()], elsewhere),
  };
}

/** Walks along the history: a block of another host than that of the term must be of a later term. */
function overlapsOf(signed: readonly Signed[], terms: readonly Term[]): string[] {
  const found: string[] = [];
  let at = 0;
  for (const { host, slot, number } of signed) {
    const next = terms.findIndex((term, index) => index >= at && term.host === host);
    if (next >= 0) at = next;
    else
      found.push(
        `${slot}: ${host} signed #${number} after ${terms[at]?.host}'s term ${terms[at]?.term} had begun`,
      );
  }
  return found;
}

function longestGapOf(slots: readonly string[], elsewhere: readonly Signed[]): Judgement["longestGap"] {
  const others = [...new Set(elsewhere.map(({ slot }) => slot))];
  let longest = { slots: 0, after: slots[0] ?? "" };
  for (const [index, slot] of slots.entries()) {
    const before = slots[index - 1];
    if (before === undefined) continue;
    const between = others.filter((other) => before < other && other < slot).length;
    const gap = (Date.parse(`${slot}Z`) - Date.parse(`${before}Z`)) / SLOT_MS - 1 - between;
    if (gap > longest.slots) longest = { slots: gap, after: before };
  }
  return longest;
}

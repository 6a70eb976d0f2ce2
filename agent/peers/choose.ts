import type { Connection } from "./connections";

/** Who may be called, in the order in which they come to their turn. */
export interface Candidates {
  always: readonly string[];
  others: readonly string[];
  /** Connections to open at most, but for those to `always`. */
  most: number;
}

/** What was seen before, by peer; milliseconds. */
export interface Seen {
  downSince: ReadonlyMap<string, number>;
  /** Public nodes that did not answer, also when their rest is over: others have their turn before. */
  restsUntil: ReadonlyMap<string, number>;
}

export interface Choice {
  /** Done first. A peer in both lists is called anew. */
  disconnect: string[];
  connect: string[];
  seen: Seen;
}

export const NOTHING_SEEN: Seen = { downSince: new Map(), restsUntil: new Map() };

/** nodeos itself tries every few seconds; one that did not answer in so long is not there. */
const GONE_MS = 60_000;
const REST_MS = 600_000;
/** nodeos gives up on a peer that once refused it (another chain, too many connections): it is told anew. */
const ANEW_MS = 120_000;

/** What to tell nodeos so that its connections become those that it shall have. */
export function choosePeers(
  { always, others, most }: Candidates,
  connections: readonly Connection[],
  before: Seen,
  now: number,
): Choice {
  const called = connections.filter(({ peer }) => peer !== "");
  const isKnown = (peer: string) => always.includes(peer) || others.includes(peer);
  const downSince = new Map(
    called
      .filter(({ isUp }) => !isUp)
      .map(({ peer }): [string, number] => [peer, before.downSince.get(peer) ?? now]),
  );
  const restsUntil = new Map([...before.restsUntil].filter(([peer]) => others.includes(peer)));
  const down = (peer: string) => now - (downSince.get(peer) ?? now);
  const rest = (peer: string) => restsUntil.get(peer) ?? 0;
  const spare = others
    .filter((peer) => !always.includes(peer) && rest(peer) <= now)
    .filter((peer) => called.every((each) => each.peer !== peer))
    .sort((one, other) => rest(one) - rest(other));
  const room = Math.max(0, most - always.length);
  const held = called.map(({ peer }) => peer).filter((peer) => isKnown(peer) && !always.includes(peer));
  const gone = held.filter((peer) => down(peer) >= GONE_MS).slice(0, spare.length);
  const kept = held.filter((peer) => !gone.includes(peer));
  // Those that answer stay where there are too many.
  const surplus = kept.sort((one, other) => down(one) - down(other)).slice(room);
  const anew = called
    .map(({ peer }) => peer)
    .filter((peer) => isKnown(peer) && ![...gone, ...surplus].includes(peer) && down(peer) >= ANEW_MS);
  for (const peer of gone) restsUntil.set(peer, now + REST_MS);
  for (const peer of anew) downSince.set(peer, now);
  const missing = always.filter((peer) => called.every((each) => each.peer !== peer));
  return {
    disconnect: [
      ...called.map(({ peer }) => peer).filter((peer) => !isKnown(peer)),
      ...gone,
      ...surplus,
      ...anew,
    ],
    connect: [...missing, ...spare.slice(0, Math.max(0, room - kept.length)), ...anew],
    seen: { downSince, restsUntil },
  };
}

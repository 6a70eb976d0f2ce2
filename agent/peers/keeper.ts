import { lookup } from "node:dns/promises";
import type { System } from "../system";
import { choosePeers, NOTHING_SEEN } from "./choose";
import { callPeer, connectionsOf } from "./connections";
import { inOrderOf, type PeerList, readPeers } from "./list";

export interface Keeper {
  /** One look, as the timer makes them. Throws where nodeos does not answer. */
  look(): Promise<void>;
  stop(): void;
}

/** The addresses of a name. Throws where it has none. */
export type Resolve = (name: string) => Promise<string[]>;

interface KeeperOptions {
  resolve?: Resolve;
  say?: (line: string) => void;
}

const LOOK_MS = 5_000;
const RESOLVE_MS = 300_000;

/**
 * Keeps nodeos connected with whom the plan names, in place: neither a new peer nor one that is taken out restarts anything.
 * Reads the list anew at each look.
 */
export function keepPeers(
  system: System,
  { resolve = addresses, say = console.log }: KeeperOptions = {},
): Keeper {
  const seeds = dnsSeeds(system, resolve);
  let seen = NOTHING_SEEN;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const list = await readPeers(system);
    if (!list) return;
    const [connections, found] = await Promise.all([connectionsOf(list.control), seeds(list)]);
    const { always, most, control } = list;
    const others = inOrderOf(list.host, [...list.others, ...found]);
    const choice = choosePeers({ always, others, most }, connections, seen, system.now().getTime());
    // What nodeos does not take now is found missing at the next look.
    for (const peer of choice.disconnect) await callPeer(control, "disconnect", peer).catch(() => {});
    for (const peer of choice.connect) await callPeer(control, "connect", peer).catch(() => {});
    seen = choice.seen;
    const isNew = (peer: string, other: readonly string[]) => !other.includes(peer);
    const left = choice.disconnect.filter((peer) => isNew(peer, choice.connect));
    const met = choice.connect.filter((peer) => isNew(peer, choice.disconnect));
    if (left.length > 0) say(`peers: left ${left.join(", ")}`);
    if (met.length > 0) say(`peers: calls ${met.join(", ")}`);
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    // A nodeos that does not answer is told by the status.
    void look()
      .catch(() => {})
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_MS);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}

/** Public nodes behind the names of DNS seeds. A name that does not resolve now keeps what it had. */
function dnsSeeds(system: System, resolve: Resolve): (list: PeerList) => Promise<string[]> {
  const known = new Map<string, { peers: string[]; at: number }>();
  const peersBehind = async (seed: string): Promise<string[]> => {
    const before = known.get(seed);
    const now = system.now().getTime();
    if (before && now - before.at < RESOLVE_MS) return before.peers;
    const colon = seed.lastIndexOf(":");
    const found = await resolve(seed.slice(0, colon)).catch(() => undefined);
    const peers = found?.map((address) => `${bracketed(address)}${seed.slice(colon)}`) ?? before?.peers ?? [];
    known.set(seed, { peers, at: now });
    return peers;
  };
  return async ({ dnsSeeds }) => (await Promise.all(dnsSeeds.map(peersBehind))).flat();
}

const bracketed = (address: string): string => (address.includes(":") ? `[${address}]` : address);

/** By the host's own name service. IPv6 where there is nothing else: nodeos before 5 cannot read such an address. */
async function addresses(name: string): Promise<string[]> {
  const all = await lookup(name, { all: true });
  const four = all.filter(({ family }) => family === 4);
  return (four.length > 0 ? four : all).map(({ address }) => address);
}

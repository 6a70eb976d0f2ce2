import { createHash } from "node:crypto";
import { z } from "zod";
import type { HostDocument } from "../../cloud-init/document";
import { PEERS_FILE } from "../../components/core/services/nodeos-peers";
import { readText } from "../disk";
import type { System } from "../system";

const schema = z.strictObject({
  /** This host: so that not all hosts take the same of many. */
  host: z.string(),
  /** Where nodeos' net API answers. */
  control: z.url(),
  /** Connections that it opens at most; those to `always` come first, and all of them. */
  most: z.int().min(1),
  /** `name:port`. */
  always: z.array(z.string()),
  /** Public nodes. */
  others: z.array(z.string()),
  /** `name:port`: every address of the name is a public node. */
  dnsSeeds: z.array(z.string()),
});

/** Who may be a peer of this host, as the plan has it (components/core/services/nodeos-peers.ts). */
export type PeerList = z.infer<typeof schema>;

/** Undefined on a host without a nodeos. */
export async function readPeers(system: System): Promise<PeerList | undefined> {
  const text = await readText(system, PEERS_FILE);
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

/** As a document has it, be it on the host yet or not. */
export function peersOf({ files }: HostDocument): PeerList | undefined {
  const file = files.find(({ path }) => path === PEERS_FILE);
  return file && schema.parse(JSON.parse(file.content));
}

/** Each peer that is called by `name:port`, those behind DNS seeds aside. */
export const namedPeers = ({ always, others }: PeerList): string[] => [...new Set([...always, ...others])];

/** How many it shall be connected with; a DNS seed counts as one, since nobody knows how many it names today. */
export const wantedPeers = (list: PeerList): number =>
  Math.max(list.always.length, Math.min(list.most, namedPeers(list).length + list.dnsSeeds.length));

/** The name in `name:port` or `name:port:trx`; undefined for an address, which needs no resolving. */
export function nameOf(peer: string): string | undefined {
  const name = /^([^[\]:]+):\d+/.exec(peer)?.[1];
  return name === undefined || /^[\d.]+$/.test(name) ? undefined : name;
}

/** In an order that is a host's own and stays: all take the same few of a long list if none does this. */
export const inOrderOf = (host: string, peers: readonly string[]): string[] =>
  [...new Set(peers)]
    .map((peer) => ({ peer, rank: createHash("sha256").update(`${host} ${peer}`).digest("hex") }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ peer }) => peer);

/** What nodeos is started with, so that it finds its chain where no agent runs yet. */
export async function peerArguments(system: System): Promise<string[]> {
  const list = await readPeers(system);
  if (!list) return [];
  const others = inOrderOf(list.host, list.others).filter((peer) => !list.always.includes(peer));
  const room = Math.max(0, list.most - list.always.length);
  return [...list.always, ...others.slice(0, room)].flatMap((peer) => ["--p2p-peer-address", peer]);
}

import type { ServiceFile } from "./service";

/** Whom nodeos shall be connected with. Not in its configuration, which it reads at start alone: the agent keeps to it. */
export const PEERS_FILE = "/etc/nodewright/peers.json";

/** Connections that a relay opens at most. Operators of public relays keep 20 to 30. */
const MOST_PEERS = 25;

/** Who may be a peer of a host. */
export interface PeerPlan {
  /** `name:port` of those it is always connected with: hosts of the stack, and whom the operator named. */
  always: string[];
  /** `name:port` of public nodes, to fill up with. */
  others: string[];
  /** `name:port` of DNS seeds: each address behind the name is one of those public nodes. */
  dnsSeeds: string[];
}

/** What the agent reads, again and again (agent/peers/list.ts): a change of it restarts nothing. */
export const peersFile = (host: string, controlPort: number, peers: PeerPlan): ServiceFile => ({
  path: PEERS_FILE,
  mode: "0644",
  live: true,
  content: {
    format: "json",
    value: { host, control: `http://127.0.0.1:${controlPort}`, most: MOST_PEERS, ...peers },
  },
});

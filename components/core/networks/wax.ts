import type { ChainNetwork } from "./network";

/** WAX mainnet. No TrustEVM contract is known on it: where one is, the operator gives its facts. */
export const wax = {
  name: "wax",
  summary: "WAX mainnet",
  native: { chainId: "1064487b3cd1a897ce03ae5b6a865651747e2e152090f99c1d19d44e01aea5a4", symbol: "WAX" },
  // worldwide-asset-exchange/wax-node, shipnodeos/config/config.ini (list of 2023-07-12), a part: nodeos takes 25 clients.
  knownPeers: [
    "peer.wax.alohaeos.com:9876",
    "wax.eu.eosamsterdam.net:9101",
    "peer1-emea.wax.blacklusion.io:4646",
    "wax-peer-ca.blokcrafters.io:9876",
    "wax-peer-eu.blokcrafters.io:9876",
    "peer1-wax.eosphere.io:9876",
    "peer2-wax.eosphere.io:9876",
    "p2p1.wax.greeneosio.com:9876",
    "wax.p2p.eosusa.io:9875",
    "wax.seed.eosnation.io:9876",
    "p2p.waxsweden.org:35777",
  ],
  // The same file: 131072.
  stateSize: "128 GB",
  hardware: {
    memory: "128 GB",
    source: "TrustEVM docs/deployment_plan.md (128 GB ECC for WAX); wax-developer, Solid WAX Mainnet Node",
  },
  snapshots: "https://developer.wax.io/operate/wax-infrastructure/wax-snapshots.html",
} satisfies ChainNetwork;

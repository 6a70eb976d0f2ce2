import type { ChainNetwork } from "./network";

/**
 * Jungle 4, the EOS test network, with the EOS EVM test network on it. No genesis file of that one is in a public
 * source: its chain id stands in the ethereum-lists registry, the rest is the operator's to give.
 */
export const jungle = {
  name: "jungle",
  summary: "Jungle 4, the EOS test network",
  // wharfkit, greymass and the network's own endpoints agree.
  native: { chainId: "73e4385a2708e6d7048834fbc1079f2fabb17b3c125b146af438971e90716c4d", symbol: "EOS" },
  evmKnown: { chainId: 15557 },
  knownPeers: [
    // docs.eosnetwork.com, General Upgrade Guide: peers whose block log reaches back to the genesis.
    "peer1-jungle4.eosphere.io:9876",
    "jungle4.seed.eosnation.io:9876",
    "jungle4.genereos.io:9876",
    "jungle.p2p.eosusa.io:9883",
    // EOS-Jungle-Testnet/Node-Manual-Installation, config.ini.
    "jungle4.cryptolions.io:9870",
  ],
  // Node-Manual-Installation, config.ini: 16384.
  stateSize: "16 GB",
  snapshots: "https://snapshots.eosnation.io/",
} satisfies ChainNetwork;

import { evmChain } from "./evm-genesis";
import type { ChainNetwork } from "./network";

/** EOS, since 2025 named Vaulta. `D` is evm-public-docs, deployments_plan_for_CEX at 15eb690. */
export const eos = {
  name: "eos",
  summary: "EOS (Vaulta) mainnet",
  native: { chainId: "aca376f206b8fc25a6ed44dbdc66547c36c6c33e3a119ffbeaef943642f0e906", symbol: "EOS" },
  // D prints the genesis; docs.eosnetwork.com prints one that differs in extraData alone ("EOSEVM").
  evm: evmChain({
    chainId: 17777,
    account: "eosio.evm",
    timestamp: "2023-04-05T02:18:09Z",
    mixHash: "0x120eb7a4e6a75f1ae89e9da3bd979c263b14b8b2ccdf1892962cbad6bc650c93",
    extraData: "TrustEVM",
  }),
  knownPeers: [
    // D, config.ini.
    "eos.p2p.eosusa.io:9882",
    "p2p.eos.cryptolions.io:9876",
    "p2p.eossweden.se:9876",
    "fullnode.eoslaomao.com:443",
    "mainnet.eosamsterdam.net:9876",
    // docs.eosnetwork.com, General Upgrade Guide: peers whose block log reaches back to the genesis.
    "eos.seed.eosnation.io:9876",
    "peer1.eosphere.io:9876",
    "peer2.eosphere.io:9876",
    "p2p.genereos.io:9876",
  ],
  // D, config.ini: 184320. Its sample of 2024 fills 101 GB; the 49152 of its first version is too little by now.
  stateSize: "180 GB",
  snapshots: "https://snapshots.eosnation.io/",
} satisfies ChainNetwork;

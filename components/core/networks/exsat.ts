import { eos } from "./eos";
import { evmChain } from "./evm-genesis";
import type { ChainNetwork } from "./network";

/** exSat: an EVM chain of its own on the EOS native chain (evm-public-docs, deployment_for_exSat: its `get info` shows EOS' id). */
export const exsat = {
  name: "exsat",
  summary: "exSat, an EVM chain on the EOS native chain",
  native: eos.native,
  evm: evmChain({
    chainId: 7200,
    account: "evm.xsat",
    timestamp: "2024-10-09T07:54:41Z",
    mixHash: "0x17bfe8ef72abc24e9729bd3037843c7ce1c8022eae521e20e6a744964d1be111",
    extraData: "exSatEVM",
  }),
  knownPeers: eos.knownPeers,
  // The guide's 184320; 64 GB of memory, as it recommends, is the floor of every full node already.
  stateSize: "180 GB",
  snapshots: eos.snapshots,
} satisfies ChainNetwork;

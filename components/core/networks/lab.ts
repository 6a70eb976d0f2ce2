import { evmChain } from "./evm-genesis";
import type { ChainNetwork } from "./network";

/**
 * A private chain, born with its stack. Chain id and account are those of upstream's local test plan
 * (eos-evm docs/local_testnet_deployment_plan.md); `mixHash` names the native start block, which a chain that is
 * not born yet does not have.
 */
export const lab = {
  name: "lab",
  summary: "a private chain of this stack alone",
  native: {},
  evm: evmChain({
    chainId: 15555,
    account: "evmevmevmevm",
    timestamp: "2026-01-01T00:00:00Z",
    mixHash: `0x${"0".repeat(64)}`,
    extraData: "TrustEVM",
  }),
  knownPeers: [],
  stateSize: "1 GB",
  birth: { timestamp: "2026-01-01T00:00:00.000", producer: "eosio" },
} satisfies ChainNetwork;

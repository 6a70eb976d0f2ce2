import type { ChainNetwork } from "./network";

/**
 * A private chain, born with its stack. Chain id, account and nonce are those of upstream's local test plan
 * (eos-evm docs/local_testnet_deployment_plan.md); `mixHash` names the native start block, which a chain that is
 * not born yet does not have.
 */
export const lab: ChainNetwork = {
  name: "lab",
  summary: "a private chain of this stack alone",
  evm: {
    chainId: 15555,
    account: "evmevmevmevm",
    genesis: {
      alloc: {
        "0x0000000000000000000000000000000000000000": {
          balance: "0x0000000000000000000000000000000000000000",
        },
      },
      coinbase: "0x0000000000000000000000000000000000000000",
      config: {
        chainId: 15555,
        homesteadBlock: 0,
        eip150Block: 0,
        eip155Block: 0,
        byzantiumBlock: 0,
        constantinopleBlock: 0,
        petersburgBlock: 0,
        istanbulBlock: 0,
        trust: {},
      },
      difficulty: "0x01",
      extraData: "TrustEVM",
      gasLimit: "0x7ffffffffff",
      mixHash: "0x0000000000000000000000000000000000000000000000000000000000000000",
      nonce: "0x56e4adc95b92b720",
      timestamp: "0x6955b900",
    },
  },
  birth: { timestamp: "2026-01-01T00:00:00.000", producer: "eosio" },
};

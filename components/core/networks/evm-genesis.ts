import type { EvmChain } from "./network";

/** All in which the genesis of one TrustEVM chain differs from that of another. */
export interface EvmFacts {
  chainId: number;
  /** Native account that holds the EVM contract. */
  account: string;
  /** `genesis_time` of the contract's config table, UTC: `2023-04-05T02:18:09Z`. */
  timestamp: string;
  /** Id of the native block at that time, 0x and 64 digits. */
  mixHash: string;
  /** Text, as published genesis files have it. Part of the hash of block 0. */
  extraData: string;
}

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

/** The EVM chain with these facts. */
export const evmChain = (facts: EvmFacts): EvmChain => ({
  chainId: facts.chainId,
  account: facts.account,
  genesis: evmGenesis(facts),
});

/** The genesis file of evm-node. All that is not a fact is alike in every published one (evm-public-docs, eos-evm docs). */
export const evmGenesis = ({ chainId, account, timestamp, mixHash, extraData }: EvmFacts) => ({
  alloc: { [ZERO_ADDRESS]: { balance: `0x${"0".repeat(64)}` } },
  coinbase: ZERO_ADDRESS,
  config: {
    chainId,
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
  extraData,
  gasLimit: "0x7ffffffffff",
  mixHash,
  // The contract's own address on the EVM is made from it; evm-node refuses 0 and 1000.
  nonce: `0x${accountNumber(account).toString(16)}`,
  timestamp: `0x${(Date.parse(timestamp) / 1000).toString(16)}`,
});

const LETTERS = ".12345abcdefghijklmnopqrstuvwxyz";

/** An account name as the number that the chain stores: five bits a letter, the first one highest. */
export const accountNumber = (account: string): bigint =>
  [...account.padEnd(12, ".")].reduce(
    (number, letter) => (number << 5n) | BigInt(LETTERS.indexOf(letter)),
    0n,
  ) << 4n;

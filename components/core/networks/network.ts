/** A chain that a stack joins, or (private) gives birth to. */
export interface ChainNetwork {
  name: string;
  summary: string;
  evm: EvmChain;
  /** Set for a chain that lives on this stack's hosts alone. */
  birth?: ChainBirth;
}

export interface EvmChain {
  chainId: number;
  /** Native account that holds the EVM contract. */
  account: string;
  /** The genesis file of evm-node, as it must be byte for byte in meaning. */
  genesis: Record<string, unknown>;
}

export interface ChainBirth {
  /** `initial_timestamp` of the native genesis, UTC, in the past. */
  timestamp: string;
  /** The producer that the genesis itself names: it alone can make the first blocks. */
  producer: string;
}

import type { Size } from "../config/units";
import type { EvmFacts } from "./evm-genesis";

/** A chain that a stack joins, or (private) gives birth to. */
export interface ChainNetwork {
  name: string;
  summary: string;
  native: NativeChain;
  /** The EVM chain on it. Without one only roles that run no EVM service are possible. */
  evm?: EvmChain;
  /** Where there is no `evm`: what is known of it all the same. The operator, or the chain itself, gives the rest. */
  evmKnown?: Partial<EvmFacts>;
  /** Public p2p endpoints, `host:port`, that seeds connect to. Where it is empty the operator must give peers. */
  knownPeers: readonly string[];
  /** Ceiling of nodeos' state, `chain-state-db-size-mb`. A sparse file: it takes what the chain fills, no more. */
  stateSize: Size;
  /** What the chain asks for beyond the floor of a role, and who says so. */
  hardware?: { memory: Size; source: string };
  /** A page where a person finds snapshots to start from. */
  snapshots?: string;
  /** Set for a chain that lives on this stack's hosts alone. */
  birth?: ChainBirth;
}

export interface NativeChain {
  /** 64 hexadecimal digits. Not known of a chain that is born with its stack. */
  chainId?: string;
  /** Of the token that pays, where it is known. */
  symbol?: string;
}

export interface EvmChain {
  chainId: number;
  /** Native account that holds the EVM contract. */
  account: string;
  /** The genesis file of evm-node, as it must be byte for byte in meaning. */
  genesis: Record<string, unknown>;
  /** Set while the chain has no EVM yet: the genesis is none, and what serves the EVM waits for it. */
  isAwaited?: true;
}

export interface ChainBirth {
  /** `initial_timestamp` of the native genesis, UTC, in the past. */
  timestamp: string;
  /** The producer that the genesis itself names: it alone can make the first blocks. */
  producer: string;
}

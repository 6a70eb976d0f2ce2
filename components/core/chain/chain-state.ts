/** A protocol feature that a node knows. */
export interface Feature {
  name: string;
  digest: string;
  /** Digests. */
  dependencies: string[];
}

export interface Weighted<Of> {
  of: Of;
  weight: number;
}

/** Who must sign: keys as `PUB_K1_…`, accounts as `account@permission`, both sorted. */
export interface Authority {
  threshold: number;
  keys: Weighted<string>[];
  accounts: Weighted<string>[];
}

export interface AccountState {
  permissions: Record<string, Authority>;
  /** `contract:action` that is linked to a permission of the account. */
  links: string[];
  /** Bytes; no quota where the chain asks for none. */
  ram: { used: number; quota?: number };
  /** Microseconds and bytes that are left; absent where the chain sets no limit. */
  left: { cpu?: number; net?: number };
  /** Staked, in units of the system's token. */
  staked: { cpu: bigint; net: bigint };
  /** sha256 of its code; absent without a contract. */
  code?: string;
  /** sha256 of its ABI in binary form; absent without one. */
  abi?: string;
}

export interface TokenState {
  supply: string;
  maximum: string;
  issuer: string;
}

export interface EvmState {
  chainId: number;
  /** UTC, seconds: `2026-01-01T00:00:00Z`. */
  genesisTime: string;
  ingressFee: string;
  gasPrice: number;
  minerCut: number;
  /** Those of the declared ones that have an open balance. */
  open: string[];
  /** What evm-node must start from: the native block at the genesis time. Absent where the node no longer has it. */
  genesis?: { timestamp: string; mixHash: string };
}

export interface ScheduledProducer {
  producer: string;
  key: string;
}

/** What a chain was found to be, as far as a declared state asks. */
export interface ChainState {
  /** Absent of a chain that is not born yet. */
  chainId?: string;
  /** Absent where no producer API could be asked. */
  known?: Feature[];
  /** Names of those that are active. */
  active: string[];
  accounts: Record<string, AccountState>;
  /** By `contract/SYMBOL`. */
  tokens: Record<string, TokenState>;
  /** By `contract/account`: the balance in the token that a step spends. */
  balances: Record<string, string>;
  /** Absent where there is no market: RAM has no price on a chain without a system contract. */
  market?: { ram: bigint; core: bigint };
  evm?: EvmState;
  /** In force, or about to be. */
  schedule: ScheduledProducer[];
  /** Public keys that can sign here, `PUB_K1_…`. Absent where nobody is to sign: a reviewer has none. */
  keys?: string[];
  /** Recipients of the distribution who are no accounts. */
  strangers: string[];
}

/** A chain that its stack has yet to bring to life. */
export const UNBORN: ChainState = {
  active: [],
  accounts: {},
  tokens: {},
  balances: {},
  schedule: [],
  strangers: [],
};

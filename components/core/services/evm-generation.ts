import type { ServiceContext } from "./service";

/**
 * The EVM programs of one generation, which belong together: the RPC opens the node's database and speaks its gRPC.
 * TrustEVM was renamed to EOS EVM in January 2023, programs and flags with it.
 */
export interface EvmGeneration {
  title: string;
  node: string;
  rpc: string;
  /** The RPC's flag for the node's address. */
  nodeFlag: string;
  /** Flags of both for a log that the journal takes: since the rename. The older ones log to standard error as it is. */
  logFlags: readonly string[];
  /** Flags without which the node ends, with status 0, at the first lost connection. The older one has none: systemd starts it anew. */
  retryFlags: readonly string[];
}

/** Newest first. Flags: eos-evm-node 1.0.6 `--help`; TrustEVM at f473968^ (2022-12), cmd/rpc_plugin.cpp and docs. */
export const evmGenerations: readonly [EvmGeneration, ...EvmGeneration[]] = [
  {
    title: "EOS EVM",
    node: "eos-evm-node",
    rpc: "eos-evm-rpc",
    nodeFlag: "--eos-evm-node",
    logFlags: ["--verbosity=4", "--stdout=1", "--nocolor=1"],
    retryFlags: ["--ship-max-retry=1000000", "--ship-delay-second=2"],
  },
  {
    title: "TrustEVM",
    node: "trustevm-node",
    rpc: "trustevm-rpc",
    nodeFlag: "--trust-evm-node",
    logFlags: ["--verbosity=4"],
    retryFlags: [],
  },
];

/** The newest generation that the release lock brings whole. Where it brings none a check says so, and the newest is named. */
export const evmGeneration = ({ brings }: Pick<ServiceContext, "brings">): EvmGeneration =>
  evmGenerations.find(({ node, rpc }) => brings(node) && brings(rpc)) ?? evmGenerations[0];

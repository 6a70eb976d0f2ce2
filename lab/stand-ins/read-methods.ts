/** The namespaces that `--api-spec` takes (silkworm's silkrpc), each with its methods that a read-only node answers. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  debug: ["debug_traceBlockByHash", "debug_traceBlockByNumber", "debug_traceCall", "debug_traceTransaction"],
  engine: [],
  erigon: [],
  // What the proxy of eos-evm-node sends to it (peripherals/proxy/eth-jsonrpc-access.lua), and what wallets ask beside:
  // fee methods and eth_syncing. No filters, no subscriptions: the real one has none. Nothing that writes or signs.
  eth: [
    "eth_blockNumber",
    "eth_call",
    "eth_chainId",
    "eth_createAccessList",
    "eth_estimateGas",
    "eth_feeHistory",
    "eth_gasPrice",
    "eth_getBalance",
    "eth_getBlockByHash",
    "eth_getBlockByNumber",
    "eth_getBlockReceipts",
    "eth_getBlockTransactionCountByHash",
    "eth_getBlockTransactionCountByNumber",
    "eth_getCode",
    "eth_getLogs",
    "eth_getRawTransactionByBlockHashAndIndex",
    "eth_getRawTransactionByBlockNumberAndIndex",
    "eth_getRawTransactionByHash",
    "eth_getStorageAt",
    "eth_getTransactionByBlockHashAndIndex",
    "eth_getTransactionByBlockNumberAndIndex",
    "eth_getTransactionByHash",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
    "eth_getUncleByBlockHashAndIndex",
    "eth_getUncleByBlockNumberAndIndex",
    "eth_getUncleCountByBlockHash",
    "eth_getUncleCountByBlockNumber",
    "eth_protocolVersion",
    "eth_syncing",
  ],
  net: ["net_listening", "net_peerCount", "net_version"],
  parity: [],
  trace: ["trace_block", "trace_call", "trace_callMany", "trace_get", "trace_transaction"],
  txpool: ["txpool_content", "txpool_status"],
  web3: ["web3_clientVersion", "web3_sha3"],
};

export const NAMESPACES = Object.keys(METHODS).sort();

/** The methods of these namespaces: everything else, anvil's own above all, is not for a client. */
export const methodsOf = (namespaces: readonly string[]): ReadonlySet<string> =>
  new Set(namespaces.flatMap((namespace) => METHODS[namespace] ?? []));

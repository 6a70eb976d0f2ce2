/**
 * What the edge does with a call.
 * `read` and `heavy` go to a read-only node, `write` to a transaction wrapper and never twice, `price` to the wrapper,
 * which alone knows what it asks for, and to a node where the stack has no wrapper. `subscription` needs a WebSocket.
 * `local` is asked of a node and answered by the edge itself where the node has no such method. `denied` reaches nobody.
 */
export type MethodClass = (typeof METHOD_CLASSES)[number];
export const METHOD_CLASSES = ["read", "heavy", "price", "write", "subscription", "local", "denied"] as const;

export interface Method {
  name: string;
  class: MethodClass;
  /** Units that one call takes of a client's share: 1, 5 or 25. 0 for what no node sees. */
  cost: 0 | 1 | 5 | 25;
  /** Who says that this method is. */
  source: string;
}

const EXECUTION = "Ethereum execution API (ethereum/execution-apis, src/eth)";
const EXECUTION_DEBUG = "Ethereum execution API (ethereum/execution-apis, src/debug)";
const PROXY_OF_TODAY = "eos-evm-node peripherals/proxy/eth-jsonrpc-access.lua";
const GETH = "go-ethereum's JSON-RPC namespaces";
const MINER = "eos-evm-miner src/index.ts";
const WS_PROXY = "eos-evm-node peripherals/eos-evm-ws-proxy";

type Group = [kind: MethodClass, cost: Method["cost"], source: string, names: string];

/** One line a group; a name stands once in all of them. Why a class: its cost to a node, or that it needs a key or memory of the client. */
const GROUPS: readonly Group[] = [
  [
    ...(["read", 1, EXECUTION] as const),
    `eth_blockNumber eth_chainId eth_getBalance eth_getCode eth_getStorageAt eth_getTransactionCount
     eth_getTransactionByHash eth_getTransactionByBlockHashAndIndex eth_getTransactionByBlockNumberAndIndex
     eth_getTransactionReceipt eth_getBlockTransactionCountByHash eth_getBlockTransactionCountByNumber
     eth_getUncleCountByBlockHash eth_getUncleCountByBlockNumber eth_getBlockByHash eth_getBlockByNumber`,
  ],
  [
    ...(["read", 1, PROXY_OF_TODAY] as const),
    `net_version eth_protocolVersion eth_getUncleByBlockHashAndIndex eth_getUncleByBlockNumberAndIndex
     eth_getRawTransactionByHash eth_getRawTransactionByBlockHashAndIndex eth_getRawTransactionByBlockNumberAndIndex`,
  ],
  ["read", 1, GETH, "net_listening net_peerCount web3_sha3"],
  ["read", 5, EXECUTION, "eth_call eth_estimateGas eth_createAccessList eth_getBlockReceipts"],
  ["read", 5, PROXY_OF_TODAY, "eth_callBundle"],
  ["heavy", 25, EXECUTION, "eth_getLogs eth_simulateV1 eth_getProof"],
  [
    ...(["heavy", 25, PROXY_OF_TODAY] as const),
    `trace_call trace_callMany trace_rawTransaction trace_replayBlockTransactions trace_replayTransaction trace_block
     trace_filter trace_get trace_transaction`,
  ],
  ["price", 1, PROXY_OF_TODAY, "eth_gasPrice"],
  ["price", 1, MINER, "eth_maxPriorityFeePerGas"],
  ["write", 5, EXECUTION, "eth_sendRawTransaction"],
  ["subscription", 5, WS_PROXY, "eth_subscribe eth_unsubscribe"],
  ["local", 1, EXECUTION, "eth_syncing eth_feeHistory"],
  ["local", 1, GETH, "web3_clientVersion"],
  // They need an account of the node's own, or memory of the client on one of several nodes.
  [
    ...(["denied", 0, EXECUTION] as const),
    `eth_accounts eth_coinbase eth_sign eth_signTransaction eth_sendTransaction eth_newFilter eth_newBlockFilter
     eth_newPendingTransactionFilter eth_getFilterChanges eth_getFilterLogs eth_uninstallFilter eth_blobBaseFee
     eth_sendRawTransactionSync`,
  ],
  // A node answers with what only its operator should ask for; a stack may open them.
  [
    ...(["denied", 25, EXECUTION_DEBUG] as const),
    "debug_getBadBlocks debug_getRawBlock debug_getRawHeader debug_getRawReceipts debug_getRawTransaction",
  ],
  [
    ...(["denied", 25, GETH] as const),
    `debug_traceBlockByHash debug_traceBlockByNumber debug_traceCall debug_traceTransaction txpool_content
     txpool_contentFrom txpool_inspect txpool_status eth_signTypedData eth_getWork eth_submitWork eth_submitHashrate
     eth_hashrate eth_mining`,
  ],
];

/** Every method that the edge knows, by name. What is not here is denied. */
export const METHODS: readonly Method[] = GROUPS.flatMap(([kind, cost, source, names]) =>
  names.split(/\s+/).map((name) => ({ name, class: kind, cost, source })),
).sort((left, right) => (left.name < right.name ? -1 : 1));

/** What an operator says in place of the catalog: a class for a method, also for one that the catalog does not know. */
export type MethodOverrides = Readonly<Record<string, MethodClass>>;

const COST: Record<MethodClass, Method["cost"]> = {
  read: 1,
  heavy: 25,
  price: 1,
  write: 5,
  subscription: 5,
  local: 1,
  denied: 0,
};

/** The catalog with a stack's overrides, by name: what the edge of that stack does. */
export function methodsOf(overrides: MethodOverrides = {}): ReadonlyMap<string, Method> {
  const known = new Map(METHODS.map((method) => [method.name, method]));
  for (const [name, kind] of Object.entries(overrides)) {
    const before = known.get(name);
    const cost = before?.cost || COST[kind];
    known.set(name, { name, class: kind, cost, source: before?.source ?? "the stack file" });
  }
  return known;
}

/** Names of these classes, sorted. */
export const namesOf = (methods: ReadonlyMap<string, Method>, ...classes: MethodClass[]): string[] =>
  [...methods.values()]
    .filter((method) => classes.includes(method.class))
    .map(({ name }) => name)
    .sort();

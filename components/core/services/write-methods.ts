/**
 * Methods that go to the transaction wrapper; every other one goes to the read-only nodes, which have no method that
 * writes. The list is that of the proxy in use today (eos-evm-node peripherals/proxy/nginx.conf) and
 * `eth_maxPriorityFeePerGas`, which the wrapper also answers (eos-evm-miner src/index.ts).
 */
export const WRITE_METHODS = ["eth_sendRawTransaction", "eth_gasPrice", "eth_maxPriorityFeePerGas"] as const;

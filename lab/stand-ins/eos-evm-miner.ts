import { Command } from "commander";
import {
  type Answerer,
  type Call,
  failure,
  json,
  METHOD_NOT_FOUND,
  parseBody,
  SERVER_ERROR,
  toCall,
} from "./json-rpc";
import { openLog } from "./log";
import { minerSettings } from "./miner-settings";
import { type NativeEndpoints, watchEndpoints } from "./native-endpoints";
import { serveRpc } from "./rpc-server";
import { stopSignal } from "./stop-signal";
import { post } from "./upstream";

/** Where eos-evm-node has its port on a host; the real program writes to the native chain and needs no such address. */
const EVM = process.env.EVM_STANDIN_ENDPOINT ?? "http://127.0.0.1:8080";

/** 150 Gwei, what eos-evm-miner starts from until it has read the contract's table. */
const GAS_PRICE = "0x22ecb25c00";

/** Takes no arguments: eos-evm-miner 1.0.1 is set up by its environment alone. */
export const evmMiner = (): Command => new Command("eos-evm-miner").helpOption(false).action(run);

async function run(): Promise<void> {
  const { rpcEndpoints, port, account } = minerSettings(process.env);
  const log = openLog({ verbosity: 4, stdout: true });
  log.always(`stand-in: anvil at ${EVM} takes the transactions in the place of eos-evm-miner`);
  const signal = stopSignal();
  const native = watchEndpoints(rpcEndpoints, log, signal);
  // As the real program, which cannot be told an address.
  await serveRpc({ at: { port }, answer: answerer(native), signal });
  log.info(`Miner ${account} listening at http://127.0.0.1:${port}`);
}

/** Answers the three methods of eos-evm-miner, alone or in an array. */
export function answerer(native: NativeEndpoints): Answerer {
  const one = async (element: unknown) => {
    const call = toCall(element);
    if (!call) return failure(null, SERVER_ERROR, "no JSON-RPC call");
    const result = (value: unknown) => ({ jsonrpc: "2.0", id: call.id ?? null, result: value });
    switch (call.method) {
      case "eth_gasPrice":
        return result(GAS_PRICE);
      case "eth_maxPriorityFeePerGas":
        return result("0x0");
      case "eth_sendRawTransaction":
        return sendRawTransaction(call, native).then(result, (cause: Error) =>
          failure(call.id, SERVER_ERROR, cause.message),
        );
      default:
        return failure(call.id, METHOD_NOT_FOUND, "Method not found");
    }
  };
  return async (body) => {
    const parsed = parseBody(body);
    if ("refused" in parsed) return parsed.refused;
    const { value } = parsed;
    return json(Array.isArray(value) ? await Promise.all(value.map(one)) : await one(value));
  };
}

/** Gives the transaction's hash. A write goes through the native chain: without nodeos there is none. */
async function sendRawTransaction({ params }: Call, native: NativeEndpoints): Promise<unknown> {
  const [raw] = params;
  if (typeof raw !== "string") throw new Error("the signed transaction is missing");
  await native.ask().catch((cause: Error) => {
    throw new Error(`no nodeos takes the transaction: ${cause.message}`);
  });
  const call = { jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [raw] };
  const answer = JSON.parse((await post(EVM, JSON.stringify(call))).toString()) as {
    result?: string;
    error?: { message: string };
  };
  if (answer.error) throw new Error(answer.error.message);
  return answer.result;
}

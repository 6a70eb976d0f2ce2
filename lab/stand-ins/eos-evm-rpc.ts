import { Command } from "commander";
import { parseEndpoint, printEndpoint } from "./endpoint";
import { oneOf, whole, withCommonFlags } from "./flags";
import { type LogFlags, openLog } from "./log";
import { withNativeIds } from "./native-ids";
import { methodsOf, NAMESPACES } from "./read-methods";
import { readOnlyRelay } from "./read-only-relay";
import { serveRpc } from "./rpc-server";
import { stopSignal } from "./stop-signal";
import { serveWebSocket } from "./web-socket";

interface RpcFlags extends LogFlags {
  httpPort: string;
  eosEvmNode: string;
  apiSpec: string[];
  chaindata: string;
}

const namespaces = (text: string): string[] =>
  text.split(",").reduce<string[]>((before, name) => oneOf(NAMESPACES)(name.trim(), before), []);

/** Flags and defaults of eos-evm-rpc 1.0.6 (src/rpc_plugin.cpp, silkworm's silkrpc constants). */
export const evmRpc = (): Command =>
  withCommonFlags(new Command("eos-evm-rpc"))
    .option("--plugin <name>", "one or more", oneOf(["rpc_plugin", "sys_plugin"]))
    .option("--http-port <address>", "where it answers", "localhost:8545")
    .option("--eos-evm-node <address>", "where eos-evm-node is asked", "localhost:9090")
    .option("--chaindata <folder>", "where eos-evm-node keeps the chain", "./")
    .option("--api-spec <namespaces>", "comma separated", namespaces, ["eth"])
    .option("--rpc-threads <count>", "accepted without effect", whole, 16)
    .option("--rpc-max-readers <count>", "accepted without effect", whole, 32000)
    .option("--chain-id <id>", "accepted without effect", whole, 25555)
    .option("--rpc-quirk-flag <bits>", "accepted without effect", whole, 0)
    .action(run);

async function run(flags: RpcFlags): Promise<void> {
  const log = openLog(flags);
  const node = parseEndpoint(flags.eosEvmNode);
  const at = parseEndpoint(flags.httpPort);
  log.always("stand-in: reads of anvil in the place of eos-evm-rpc");
  const relay = readOnlyRelay(`http://${printEndpoint(node)}`, methodsOf(flags.apiSpec));
  const answer = withNativeIds(relay, flags.chaindata);
  const signal = stopSignal();
  const server = await serveRpc({ at, answer, signal });
  serveWebSocket(server, answer, signal);
  log.info(`Starting ETH RPC API at ${flags.httpPort}, ${flags.apiSpec.join(", ")}`);
  signal.addEventListener("abort", () => log.info("Stopping"));
}

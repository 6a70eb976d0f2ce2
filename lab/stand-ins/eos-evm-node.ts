import { Command } from "commander";
import { ANVIL, type Anvil, startAnvil } from "./anvil";
import { openChainData } from "./chain-data";
import { parseEndpoint } from "./endpoint";
import { oneOf, whole, withCommonFlags } from "./flags";
import { type LogFlags, openLog } from "./log";
import { followShip } from "./ship-link";
import { stopSignal } from "./stop-signal";

interface NodeFlags extends LogFlags {
  chainData: string;
  genesisJson?: string;
  enginePort: string;
  shipEndpoint: string;
  shipMaxRetry: number;
  shipDelaySecond: number;
}

const PLUGINS = ["blockchain", "block_conversion", "ship_receiver", "engine", "sys"].map(
  (name) => `${name}_plugin`,
);

/** Flags and defaults of eos-evm-node 1.0.6 (src/sys_plugin.cpp, engine_plugin.cpp, ship_receiver_plugin.cpp). */
export const evmNode = (): Command =>
  withCommonFlags(new Command("eos-evm-node"))
    .option("--plugin <name>", "one or more", oneOf(PLUGINS))
    .option("--chain-data <folder>", "where the chain is kept", ".")
    .option("--genesis-json <file>", "needed while the folder holds no chain")
    .option("--engine-port <address>", "where eos-evm-rpc asks", "127.0.0.1:8080")
    .option("--threads <count>", "accepted without effect", whole, 16)
    .option("--max-readers <count>", "accepted without effect", whole, 1024)
    .option("--ship-endpoint <address>", "state history of nodeos", "127.0.0.1:8999")
    .option("--ship-core-account <name>", "accepted without effect", "evmevmevmevm")
    .option("--ship-max-retry <count>", "lost connections in a row that are borne", whole, 0)
    .option("--ship-delay-second <seconds>", "pause before the next try", whole, 10)
    .option("--ship-start-from-canonical-height <height>", "accepted without effect", whole)
    .action(async (flags: NodeFlags) => {
      process.exitCode = await run(flags);
    });

/** Gives the exit status: 0 also when the connection to nodeos is given up, as the real program. */
async function run(flags: NodeFlags): Promise<0 | 1> {
  const log = openLog(flags);
  log.always(`stand-in: anvil (${ANVIL}) answers in the place of eos-evm-node`);
  const engine = parseEndpoint(flags.enginePort);
  const ship = parseEndpoint(flags.shipEndpoint);
  const chain = await openChainData(flags.chainData, flags.genesisJson);
  const stop = stopSignal();
  const crashed = new AbortController();
  let anvil: Anvil | undefined;
  await followShip({
    endpoint: ship,
    maxRetry: flags.shipMaxRetry,
    delaySeconds: flags.shipDelaySecond,
    log,
    signal: AbortSignal.any([stop, crashed.signal]),
    up: async () => {
      if (anvil) return anvil.mine(true);
      anvil = await startAnvil(engine, chain);
      void anvil.ended.then(() => crashed.abort());
      log.info(`Chain ${chain.chainId} of ${flags.chainData} is served at ${flags.enginePort}`);
    },
    // The real chain's head stands still while nodeos is away.
    down: async () => anvil?.mine(false).catch((cause: Error) => log.warn(`anvil: ${cause.message}`)),
  });
  if (crashed.signal.aborted && !stop.aborted) {
    log.crit(`anvil ended with status ${await anvil?.ended}`);
    return 1;
  }
  log.info("Stopping");
  await anvil?.stop();
  return 0;
}

import { Command } from "commander";
import { ANVIL, startAnvil } from "./anvil";
import { openChainData } from "./chain-data";
import { parseEndpoint } from "./endpoint";
import { EvmChain } from "./evm-chain";
import { oneOf, whole, withCommonFlags } from "./flags";
import { type Log, type LogFlags, openLog } from "./log";
import { ForkError } from "./native-chain";
import { DamagedError } from "./native-log";
import { followShip, HistoryError } from "./ship-link";
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

/** For drills: fewer native blocks than are reversible are kept to fork back to. */
const KEPT = process.env.EVM_STANDIN_KEPT_BLOCKS;

/** Gives the exit status: 0 also when the connection to nodeos is given up, as the real program. */
async function run(flags: NodeFlags): Promise<0 | 1> {
  const log = openLog(flags);
  log.always(`stand-in: anvil (${ANVIL}) answers in the place of eos-evm-node`);
  const engine = parseEndpoint(flags.enginePort);
  const endpoint = parseEndpoint(flags.shipEndpoint);
  try {
    const data = await openChainData(flags.chainData, flags.genesisJson);
    const stop = stopSignal();
    const anvil = await startAnvil(engine, data);
    const crashed = new AbortController();
    void anvil.ended.then(() => crashed.abort());
    log.info(`Chain ${data.chainId} of ${flags.chainData} is served at ${flags.enginePort}`);
    try {
      const chain = new EvmChain(data, anvil, log, KEPT === undefined ? undefined : Number(KEPT));
      await followShip({
        endpoint,
        maxRetry: flags.shipMaxRetry,
        delaySeconds: flags.shipDelaySecond,
        start: () => chain.start,
        take: (block) => chain.take(block),
        log,
        signal: AbortSignal.any([stop, crashed.signal]),
      });
      if (stop.aborted || !crashed.signal.aborted) return 0;
      log.crit(`anvil ended with status ${await anvil.ended}`);
      return 1;
    } finally {
      await anvil.stop();
    }
  } catch (cause) {
    return lastWords(cause, log);
  }
}

/** The words of the real program before it ends; with status 0, but for a database that it cannot read. */
function lastWords(cause: unknown, log: Log): 0 | 1 {
  if (cause instanceof ForkError || cause instanceof HistoryError) {
    log.crit(cause.message);
    return 0;
  }
  if (!(cause instanceof DamagedError)) throw cause;
  log.crit(cause.message);
  return 1;
}

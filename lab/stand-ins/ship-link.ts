import { setTimeout as sleep } from "node:timers/promises";
import { type Endpoint, printEndpoint } from "./endpoint";
import type { Log } from "./log";
import { openShip, type ShipBlock } from "./ship";

export interface ShipLinkOptions {
  endpoint: Endpoint;
  /** Losses in a row that are borne; 0, eos-evm-node's default, gives up at the first. */
  maxRetry: number;
  delaySeconds: number;
  /** Number of the block to go on from; asked at each connection. */
  start: () => number;
  /** Called for each block, one after the other. What it throws ends the link. */
  take: (block: ShipBlock) => Promise<void>;
  log: Log;
  signal: AbortSignal;
}

/** nodeos has no longer, or not yet, what the chain needs next. A new connection to it would not help. */
export class HistoryError extends Error {}

/** What `take` threw: no fault of the connection. */
class TakeError extends Error {}

/**
 * Follows the state history of nodeos as eos-evm-node does (src/ship_receiver_plugin.cpp), and comes back when it has
 * given up or was told to stop. Throws `HistoryError`, and what `take` throws.
 */
export async function followShip(options: ShipLinkOptions): Promise<void> {
  const { endpoint, maxRetry, delaySeconds, log, signal } = options;
  for (let retries = 0; !signal.aborted; retries++) {
    log.info(`Connecting to SHiP at ${printEndpoint(endpoint)}`);
    const { read, cause } = await connection(options);
    if (signal.aborted) return;
    if (cause instanceof TakeError) throw cause.cause;
    if (cause instanceof HistoryError) throw cause;
    log.error(`SHiP connection lost: ${cause.message}`);
    // The counter begins anew with each block that was read.
    if (read) retries = 0;
    if (retries >= maxRetry) return log.crit("Max retry reached. No more reconnections.");
    log.info(`Trying to reconnect in ${delaySeconds} s`);
    await sleep(delaySeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** One connection, to its end: whether a block came, and why it ended. */
async function connection(options: ShipLinkOptions): Promise<{ read: boolean; cause: Error }> {
  const { endpoint, log, signal } = options;
  const closing = new AbortController();
  let read = false;
  try {
    const ship = await openShip(endpoint, AbortSignal.any([signal, closing.signal]));
    const start = options.start();
    const { head, traceBegin } = await ship.status();
    log.info(`Connected to SHiP, its head is #${head.num}; start block #${start}`);
    if (start < traceBegin) throw new HistoryError("Start block not available in SHiP");
    for await (const block of ship.blocks(start)) {
      if (!block.block) throw new HistoryError(`Block #${block.num} not available in SHiP`);
      read = true;
      await options.take(block).catch((cause: unknown) => {
        throw new TakeError("", { cause });
      });
    }
    return { read, cause: new Error("closed by nodeos") };
  } catch (cause) {
    return { read, cause: cause as Error };
  } finally {
    closing.abort();
  }
}

import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Endpoint, printEndpoint } from "./endpoint";
import type { Log } from "./log";

export interface ShipLinkOptions {
  endpoint: Endpoint;
  /** Losses in a row that are borne; 0, eos-evm-node's default, gives up at the first. */
  maxRetry: number;
  delaySeconds: number;
  /** Called at each connection, before anything else happens. What it throws ends the link. */
  up: () => Promise<void>;
  down: () => Promise<void>;
  log: Log;
  signal: AbortSignal;
}

/**
 * Keeps a connection to nodeos' state history, and comes back when it has given up or was told to stop. It listens to
 * nothing: what counts here is that nodeos is there. nodeos leaves an idle connection open.
 */
export async function followShip(options: ShipLinkOptions): Promise<void> {
  const { endpoint, maxRetry, delaySeconds, up, down, log, signal } = options;
  for (let retries = 0; !signal.aborted; retries++) {
    log.info(`Connecting to SHiP at ${printEndpoint(endpoint)}`);
    const link = open(endpoint, signal);
    if (await link.connected) {
      retries = 0;
      log.info("Connected to SHiP");
      await up();
    }
    const reason = await link.lost;
    if (signal.aborted) return;
    await down();
    log.error(`SHiP connection lost: ${reason}`);
    if (retries >= maxRetry) return log.crit("Max retry reached. No more reconnections.");
    log.info(`Trying to reconnect in ${delaySeconds} s`);
    await sleep(delaySeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

function open({ host, port }: Endpoint, signal: AbortSignal) {
  // The real program resolves IPv4 only.
  const socket = connect({ host, port, family: 4, signal });
  let reason = "closed by nodeos";
  socket.resume();
  socket.on("error", (cause) => {
    reason = cause.message;
  });
  const connected = once(socket, "connect").then(
    () => true,
    () => false,
  );
  const lost = new Promise<string>((resolve) => socket.once("close", () => resolve(reason)));
  return { connected, lost };
}

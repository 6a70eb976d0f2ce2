import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChainData } from "./chain-data";
import { type Endpoint, printEndpoint } from "./endpoint";
import { StartError } from "./start-error";
import { post } from "./upstream";

/** Where a host has it; the variable is for machines that keep it elsewhere. */
export const ANVIL = process.env.ANVIL ?? "/opt/nodewright/bin/anvil";

export interface Anvil {
  /** Its exit status, null after a signal. */
  ended: Promise<number | null>;
  /** Blocks come each second, or not at all. */
  mine(on: boolean): Promise<void>;
  /** Lets it write its state and end. */
  stop(): Promise<void>;
}

/** Longer than the state file of a lab that ran for days takes to load. */
const READY_MS = 30_000;

const flags = ({ host, port }: Endpoint, { chainId, stateFile }: ChainData): string[] => [
  `--host=${host}`,
  `--port=${port}`,
  `--chain-id=${chainId}`,
  // EVM blocks come each second (eos-evm-node src/block_conversion_plugin.cpp); their times are the clock's.
  "--block-time=1",
  `--state=${stateFile}`,
  // All that a kill -9 can lose.
  "--state-interval=10",
  // Otherwise it keeps each block's state: 100 kB a block in memory, and files under HOME. No number after it: with
  // one, 1.7.1 keeps them all.
  "--prune-history",
  // The newest without contracts of the protocol's own, which would grow the state file by each block.
  "--hardfork=shanghai",
  // No accounts with keys that everyone knows, and no contract beside those of the genesis file.
  "--accounts=0",
  "--disable-default-create2-deployer",
  "--quiet",
];

/** Starts anvil and waits until it answers. Throws `StartError` when it does not come up. */
export async function startAnvil(endpoint: Endpoint, chain: ChainData): Promise<Anvil> {
  const child = spawn(ANVIL, flags(endpoint, chain), { stdio: ["ignore", "inherit", "inherit"] });
  const ended = once(child, "exit").then(
    ([status]) => status as number | null,
    (cause: Error) => {
      throw new StartError(`${ANVIL} cannot be started: ${cause.message}`);
    },
  );
  const call = (method: string, params: unknown[]) =>
    post(`http://${printEndpoint(endpoint)}`, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  const waiting = new AbortController();
  const early = ended.then((status) => {
    throw new StartError(`anvil ended with status ${status}`);
  });
  try {
    await Promise.race([early, answers(() => call("eth_chainId", []), waiting.signal)]);
  } catch (cause) {
    child.kill("SIGKILL");
    throw cause;
  } finally {
    waiting.abort();
    early.catch(() => undefined);
  }
  return {
    ended,
    mine: async (on) => void (await call("evm_setIntervalMining", [on ? 1 : 0])),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function answers(ask: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const until = performance.now() + READY_MS;
  while (!signal.aborted) {
    const answered = await ask().then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (performance.now() > until) throw new StartError(`anvil did not answer within ${READY_MS / 1000} s`);
    await sleep(50);
  }
}

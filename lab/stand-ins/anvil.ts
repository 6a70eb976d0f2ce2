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
  /** Number of its newest block. */
  readonly height: number;
  /** Makes blocks, a second apart, up to this height, which gets this time (seconds since 1970). It never goes back. */
  mineTo(height: number, time: number): Promise<void>;
  /** Lets it write its state and end. */
  stop(): Promise<void>;
}

/** Longer than the state file of a lab that ran for days takes to load. */
const READY_MS = 30_000;

const flags = ({ host, port }: Endpoint, { chainId, stateFile }: ChainData): string[] => [
  `--host=${host}`,
  `--port=${port}`,
  `--chain-id=${chainId}`,
  // Blocks come when native ones do, with their times; block 0 is older than any.
  "--no-mining",
  "--timestamp=1",
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
  const call = async (method: string, ...params: unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer = await post(`http://${printEndpoint(endpoint)}`, body);
    return (JSON.parse(answer.toString()) as { result?: unknown }).result;
  };
  const waiting = new AbortController();
  const early = ended.then((status) => {
    throw new StartError(`anvil ended with status ${status}`);
  });
  try {
    await Promise.race([early, answers(() => call("eth_chainId"), waiting.signal)]);
  } catch (cause) {
    child.kill("SIGKILL");
    throw cause;
  } finally {
    waiting.abort();
    early.catch(() => undefined);
  }
  return Object.assign(await miner(call), {
    ended,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  });
}

const SECOND = "0x1";

async function miner(call: (method: string, ...params: unknown[]) => Promise<unknown>) {
  let height = Number(await call("eth_blockNumber"));
  return {
    get height() {
      return height;
    },
    mineTo: async (wanted: number, time: number) => {
      const count = wanted - height;
      if (count <= 0) return;
      // Refused where the state is of a clock that went before; then the times are its own.
      await call("evm_setNextBlockTimestamp", time - count + 1);
      await call("anvil_mine", `0x${count.toString(16)}`, SECOND);
      height = wanted;
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

import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./log";
import { post } from "./upstream";

/** How often eos-evm-miner walks its list. */
const REFRESH_MS = 5_000;
const PATIENCE_MS = 3_000;

export interface NativeEndpoints {
  /** Proves that the endpoint in use answers. Throws when it does not, as a write through it would. */
  ask(): Promise<void>;
}

/** Whether a nodeos answers `get_info` there. */
const getInfo = (url: string): Promise<unknown> =>
  post(`${url.replace(/\/+$/, "")}/v1/chain/get_info`, "{}", PATIENCE_MS);

/**
 * Walks the list every 5 s from its first entry and uses the first that answers: it leaves one that fails within
 * about 5 s, and falls back to the first when that returns (eos-evm-miner src/miner.ts).
 */
export function watchEndpoints(urls: readonly string[], log: Log, signal: AbortSignal): NativeEndpoints {
  let current = urls[0] ?? "";
  const first = async (): Promise<string | undefined> => {
    for (const url of urls) {
      const answered = await getInfo(url).then(
        () => true,
        () => false,
      );
      if (answered) return url;
    }
    return undefined;
  };
  const walk = async () => {
    while (!signal.aborted) {
      const found = await first();
      if (found === undefined) log.error("No rpc endpoint answers get_info");
      else if (found !== current) log.info(`Using rpc endpoint ${found}`);
      current = found ?? current;
      await sleep(REFRESH_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  void walk();
  return {
    ask: async () => {
      await getInfo(current);
    },
  };
}

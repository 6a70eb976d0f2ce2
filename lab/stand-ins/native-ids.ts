import { readChainData } from "./chain-data";
import type { Answerer } from "./json-rpc";
import { NativeLog } from "./native-log";

interface Block {
  number: string;
  mixHash: string;
}

/**
 * Puts the id of the native block behind an EVM block where TrustEVM has it, into `mixHash`: anvil cannot. Only in the
 * answers to single calls for a block. The block's hash stays that of anvil's own header.
 */
export function withNativeIds(answer: Answerer, folder: string): Answerer {
  let log: NativeLog | undefined;
  const idOf = async (height: number): Promise<string | undefined> => {
    const { origin, logFile } = await readChainData(folder);
    if (!origin) return undefined;
    log ??= NativeLog.follow(logFile);
    log.refresh();
    return log.nativeOf(origin, height);
  };
  return async (body) => {
    const given = await answer(body);
    // Cheaper than to parse every call and every answer.
    if (!/"eth_getBlockBy(Number|Hash)"/.test(body.toString("latin1", 0, 256))) return given;
    const parsed = JSON.parse(String(given.body)) as { result?: Block | null };
    if (!parsed.result?.mixHash) return given;
    const id = await idOf(Number(parsed.result.number)).catch(() => undefined);
    if (id === undefined) return given;
    parsed.result.mixHash = `0x${id}`;
    return { ...given, body: JSON.stringify(parsed) };
  };
}

import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

export interface ReadLoad {
  reads(): number;
  /** Reads that no endpoint answered, each with what the last one said. */
  failed(): readonly string[];
  /** Reads that the first endpoint did not answer, and another one did. */
  moved(): number;
  stop(): Promise<void>;
}

const answerSchema = z.object({
  result: z.unknown().refine((value) => value !== undefined && value !== null),
});
const READS = [
  { method: "eth_blockNumber", params: [] },
  { method: "eth_chainId", params: [] },
  { method: "eth_getBalance", params: [`0x${"0".repeat(40)}`, "latest"] },
  { method: "eth_getBlockByNumber", params: ["latest", false] },
];
/** A loaded machine may be slow; a host that is gone says so at once. */
const PATIENCE_MS = 30_000;

/** Reads as a client of several endpoints makes them: each in turn is asked first, and another where that one does not answer. */
export function loadReads(endpoints: readonly string[], clients = 4, perSecond = 10): ReadLoad {
  const failed: string[] = [];
  let [reads, moved, isOver] = [0, 0, false];
  const read = async (count: number): Promise<void> => {
    const call = READS[count % READS.length];
    let reason = "";
    for (let attempt = 0; attempt < endpoints.length; attempt++) {
      const endpoint = endpoints[(count + attempt) % endpoints.length] ?? "";
      try {
        await ask(endpoint, { jsonrpc: "2.0", id: count, ...call });
        if (attempt > 0) moved++;
        return;
      } catch (error) {
        reason = `${reason} ${endpoint}: ${messageOf(error)};`;
      }
    }
    failed.push(`${new Date().toISOString()} ${call?.method}:${reason}`);
  };
  const work = Array.from({ length: clients }, async (_, client) => {
    for (let count = client; !isOver; count++) {
      await read(count);
      reads++;
      await pause(1000 / perSecond);
    }
  });
  return {
    reads: () => reads,
    failed: () => failed,
    moved: () => moved,
    stop: async () => {
      isOver = true;
      await Promise.all(work);
    },
  };
}

async function ask(endpoint: string, body: unknown): Promise<void> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status} ${text.slice(0, 200)}`);
  if (!answerSchema.safeParse(JSON.parse(text)).success) throw new Error(text.slice(0, 200));
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}

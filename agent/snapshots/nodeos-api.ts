import { z } from "zod";
import { HostError } from "../system";

const info = z.object({
  chain_id: z.string(),
  head_block_num: z.number(),
  head_block_time: z.string(),
  last_irreversible_block_num: z.number(),
  earliest_available_block_num: z.number().optional(),
});

const created = z.object({
  head_block_id: z.string(),
  head_block_num: z.number(),
  snapshot_name: z.string(),
});
const integrity = z.object({ head_block_id: z.string(), integrity_hash: z.string() });

/** A snapshot of a large state takes minutes, and nodeos answers when it is written. */
const MOST_MS = 2 * 3600 * 1000;
const QUICK_MS = 10_000;

/** nodeos answers some questions at one address and some at another. */
export interface NodeosUrls {
  /** Of the chain API. */
  api: string;
  /** Of the producer and snapshot APIs, on loopback. */
  control: string;
}

/** What nodeos on loopback is asked. All of it throws HostError where there is no good answer. */
export const nodeosApi = ({ api, control }: NodeosUrls) => ({
  info: async () => info.parse(await ask(`${api}/v1/chain/get_info`, QUICK_MS)),
  createSnapshot: async () => created.parse(await ask(`${control}/v1/producer/create_snapshot`, MOST_MS)),
  /** sha256 over the whole state, the same on every node at the same block. */
  integrityHash: async () => integrity.parse(await ask(`${control}/v1/producer/get_integrity_hash`, MOST_MS)),
});

const failure = z.object({
  error: z.object({ what: z.string(), details: z.array(z.object({ message: z.string() })).default([]) }),
});

async function ask(url: string, milliseconds: number): Promise<unknown> {
  const response = await fetch(url, { method: "POST", signal: AbortSignal.timeout(milliseconds) }).catch(
    (error: unknown) => {
      throw new HostError(`${url}: no answer (${String(error)}); is nodeos running? systemctl status nodeos`);
    },
  );
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const said = failure.safeParse(body);
  const why = said.success
    ? [said.data.error.what, ...said.data.error.details.map(({ message }) => message)].join(": ")
    : "";
  throw new HostError(`${url}: HTTP ${response.status} ${why}`.trim());
}

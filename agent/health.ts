import { once } from "node:events";
import { connect } from "node:net";
import { z } from "zod";
import type { Health } from "../cloud-init/document";
import { ANSWER_WITHIN_MS, post } from "./loopback";
import { connectionsOf } from "./peers/connections";

/** What a service tells of itself. Which of them are there depends on its kind. */
export interface Facts {
  headBlock?: number;
  /** Of the head block's time, in seconds. */
  headAgeSeconds?: number;
  /** Last irreversible block. */
  lib?: number;
  /** Of its block's time, in seconds. */
  libAgeSeconds?: number;
  /** Room left in nodeos' state, and its ceiling: full, nodeos stops. */
  stateFreeBytes?: number;
  stateSizeBytes?: number;
  /** Nodes that nodeos is connected with, whoever called. */
  peers?: number;
  chainId?: string;
  /** Of a block producer: whether it was told not to produce. */
  paused?: boolean;
}

export interface Probe {
  healthy: boolean;
  /** One line for people. */
  detail: string;
  facts: Facts;
}

/** Asks a service whether it does its work. Never throws: no answer is an answer. */
export async function probe(health: Health, now: () => Date): Promise<Probe> {
  try {
    switch (health.kind) {
      case "nodeos":
        return await probeNodeos(health, now);
      case "json-rpc":
        return await probeJsonRpc(health.url);
      case "tcp":
        return await probeTcp(health.port);
      default:
        return health satisfies never;
    }
  } catch (error) {
    return { healthy: false, detail: `does not answer as it should (${messageOf(error)})`, facts: {} };
  }
}

const info = z.object({
  head_block_num: z.number(),
  head_block_time: z.string(),
  last_irreversible_block_num: z.number(),
  last_irreversible_block_time: z.string().exactOptional(),
  chain_id: z.string(),
});

const database = z.object({ free_bytes: z.coerce.number(), size: z.coerce.number() });

/** How full the chain's state is, where nodeos says so. */
const stateSize = async (control: string) => {
  const answer = await post(`${control}/v1/db_size/get`, {}).catch(() => undefined);
  return database.safeParse(answer).data;
};

const libAge = (time: string | undefined, now: () => Date): Facts =>
  time === undefined ? {} : { libAgeSeconds: Math.max(0, (now().getTime() - Date.parse(`${time}Z`)) / 1000) };

async function probeNodeos(
  { url, control, produces, maxHeadAgeSeconds }: Extract<Health, { kind: "nodeos" }>,
  now: () => Date,
): Promise<Probe> {
  const [answer, paused, state, connections] = await Promise.all([
    post(`${url}/v1/chain/get_info`, {}),
    produces ? isPaused(control ?? url) : undefined,
    control === undefined ? undefined : stateSize(control),
    control === undefined ? undefined : connectionsOf(control).catch(() => undefined),
  ]);
  const found = info.parse(answer);
  // nodeos writes UTC without saying so.
  const headAgeSeconds = Math.max(0, (now().getTime() - Date.parse(`${found.head_block_time}Z`)) / 1000);
  const healthy = headAgeSeconds <= maxHeadAgeSeconds;
  const role = paused === undefined ? "" : paused ? ", production paused" : ", producing";
  const age = `head ${found.head_block_num}, ${headAgeSeconds.toFixed(1)} s old`;
  return {
    healthy,
    detail: healthy
      ? `${age}${role}`
      : `${age}, older than ${maxHeadAgeSeconds} s: it is behind or the chain stands still${role}`,
    facts: {
      headBlock: found.head_block_num,
      headAgeSeconds,
      lib: found.last_irreversible_block_num,
      ...libAge(found.last_irreversible_block_time, now),
      ...(state ? { stateFreeBytes: state.free_bytes, stateSizeBytes: state.size } : {}),
      ...(connections ? { peers: connections.filter(({ isUp }) => isUp).length } : {}),
      chainId: found.chain_id,
      ...(paused === undefined ? {} : { paused }),
    },
  };
}

/** Undefined where the producer API does not answer: the node is no producer. */
async function isPaused(url: string): Promise<boolean | undefined> {
  const answer = await post(`${url}/v1/producer/paused`, {}).catch(() => undefined);
  return typeof answer === "boolean" ? answer : undefined;
}

const blockNumber = z.object({ result: z.string().regex(/^0x[0-9a-f]+$/i) });

async function probeJsonRpc(url: string): Promise<Probe> {
  const answer = await post(url, { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
  const headBlock = Number(blockNumber.parse(answer).result);
  return { healthy: true, detail: `block ${headBlock}`, facts: { headBlock } };
}

async function probeTcp(port: number): Promise<Probe> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return { healthy: true, detail: `port ${port} accepts`, facts: {} };
  } finally {
    socket.destroy();
  }
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return "an answer of another shape";
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError")
    return `nothing within ${ANSWER_WITHIN_MS / 1000} s`;
  // fetch hides the reason one level down, in an error that may have no message but a code.
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}

import { z } from "zod";
import { UserError } from "../core/config/finding";

/** The HTTP APIs of a nodeos. */
export interface NodeApi {
  /** A call of the chain API, `/v1/chain/…`. Throws a `NodeError` where nodeos refuses. */
  chain(call: string, body?: unknown): Promise<unknown>;
  /** A call of the producer API. Throws where the stack file names none. */
  control(call: string, body?: unknown): Promise<unknown>;
  hasControl: boolean;
  info(): Promise<ChainInfo>;
}

export interface ChainInfo {
  chainId: string;
  head: number;
  /** UTC, without a zone's letter: `2026-01-01T00:00:00.500`. */
  headTime: string;
  lib: number;
  libId: string;
}

/** nodeos' own reason, and the name of its exception. */
export class NodeError extends Error {
  constructor(
    readonly exception: string,
    message: string,
  ) {
    super(message);
  }
}

/** Milliseconds; nodeos answers within its own limit of half a minute, a busy machine later. */
const TIMEOUT_MS = 90_000;

const refusal = z.object({
  error: z.object({
    name: z.string().default(""),
    what: z.string().default(""),
    details: z.array(z.object({ message: z.string() })).default([]),
  }),
});

const info = z.object({
  chain_id: z.string(),
  head_block_num: z.number(),
  head_block_time: z.string(),
  last_irreversible_block_num: z.number(),
  last_irreversible_block_id: z.string(),
});

export function nodeApi({ endpoint, control }: { endpoint: string; control?: string | undefined }): NodeApi {
  const chain: NodeApi["chain"] = (call, body = {}) => ask(endpoint, `/v1/chain/${call}`, body);
  return {
    chain,
    control: (call, body = {}) => ask(control ?? endpoint, `/v1/producer/${call}`, body),
    hasControl: control !== undefined,
    info: async () => {
      const found = info.parse(await chain("get_info"));
      return {
        chainId: found.chain_id,
        head: found.head_block_num,
        headTime: found.head_block_time,
        lib: found.last_irreversible_block_num,
        libId: found.last_irreversible_block_id,
      };
    },
  };
}

async function ask(endpoint: string, path: string, body: unknown): Promise<unknown> {
  const url = `${endpoint.replace(/\/$/, "")}${path}`;
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    [status, text] = [response.status, await response.text()];
  } catch (cause) {
    throw new Unreachable(
      `${url} does not answer: ${reason(cause)}. Is nodeos up, and chain.endpoint its HTTP API?`,
    );
  }
  const answer = parsed(text);
  const refused = refusal.safeParse(answer);
  if (refused.success) {
    const { name, what, details } = refused.data.error;
    throw new NodeError(name, details.map(({ message }) => message).join("; ") || what);
  }
  if (answer === undefined || status >= 300)
    throw new Unreachable(`${url} answers ${status} and no JSON of nodeos: does that node serve this API?`);
  return answer;
}

/** Nobody is there, or somebody else. */
export class Unreachable extends UserError {}

const reason = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message || cause.cause.name : cause.message;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

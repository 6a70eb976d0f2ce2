/** What answers one request body, a single call or a batch. */
export type Answerer = (body: Buffer) => Promise<Answer>;

export interface Answer {
  /** HTTP status. */
  status: number;
  body: Buffer | string;
}

export interface Call {
  /** Absent in a notification, which is not answered. */
  id?: string | number | null;
  method: string;
  params: readonly unknown[];
}

export interface Failure {
  jsonrpc: "2.0";
  id: string | number | null;
  error: { code: number; message: string };
}

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
/** Of the server's own; eos-evm-miner has no other. */
export const SERVER_ERROR = -32000;

export const failure = (id: Call["id"], code: number, message: string): Failure => ({
  jsonrpc: "2.0",
  id: id ?? null,
  error: { code, message },
});

/** The call that a batch's element or a whole body is, or undefined when it is none. */
export function toCall(value: unknown): Call | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, method, params } = value as Record<string, unknown>;
  if (typeof method !== "string") return undefined;
  const known = id === null || typeof id === "string" || typeof id === "number" ? { id } : {};
  return { ...known, method, params: Array.isArray(params) ? params : [] };
}

export const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value) });

/** A body as JSON, or the answer that refuses it. */
export function parseBody(body: Buffer): { value: unknown } | { refused: Answer } {
  try {
    const value: unknown = JSON.parse(body.toString());
    if (!Array.isArray(value) || value.length > 0) return { value };
    return { refused: json(failure(null, INVALID_REQUEST, "empty batch")) };
  } catch {
    return { refused: json(failure(null, PARSE_ERROR, "not JSON"), 400) };
  }
}

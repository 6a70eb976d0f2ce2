const JSON_TYPE = ["content-type", "application/json"];

const rpcError = (code: number, message: string) =>
  JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });

/** Words of a rule that answers with a JSON-RPC error: a client's parser must not meet HTML. */
export const refuse = (status: number, code: number, message: string, retryAfter?: number): string[] => [
  ...["return", "status", String(status), ...JSON_TYPE],
  ...["string", rpcError(code, message)],
  ...(retryAfter === undefined ? [] : ["hdr", "retry-after", String(retryAfter)]),
];

/** What HAProxy says by itself. */
export const ownErrors: string[][] = [
  [400, -32600, "no HTTP request as it should be"],
  [408, -32600, "the request did not come in time"],
  [413, -32600, "the request is too large"],
  [500, -32603, "internal error"],
  [502, -32603, "upstream gave no valid answer"],
  [503, -32603, "no upstream is ready"],
  [504, -32603, "upstream did not answer in time"],
].map(([status, code, message]) => [
  ...["http-error", "status", String(status), ...JSON_TYPE],
  ...["string", rpcError(Number(code), String(message))],
  ...(status === 503 ? ["hdr", "retry-after", "1"] : []),
]);

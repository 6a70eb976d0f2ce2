const JSON_TYPE = ["content-type", "application/json"];

const rpcError = (code: number, message: string) =>
  JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });

/** Words of a rule that answers with a JSON-RPC error: a client's parser must not meet HTML. */
export const refuse = (status: number, code: number, message: string, retryAfter?: number): string[] => [
  ...["return", "status", String(status), ...JSON_TYPE],
  ...["string", rpcError(code, message)],
  ...(retryAfter === undefined ? [] : ["hdr", "retry-after", String(retryAfter)]),
];

/** Query of a call that shall be read and asked by the gateway, whatever it is. The path stays: it may hold a key. */
export const BY_GATEWAY = "again";

/**
 * HAProxy can repeat a read for a status alone. Where a node answers 200 with what is no JSON the client is asked to send
 * the call once more (307 keeps method and body), to the gateway, which looks at answers and asks the next node; who does
 * not follow finds an error to read.
 */
export const notGarbage: string[][] = [
  ["http-response", "wait-for-body", "time", "1s", "at-least", "1"],
  [
    ...["http-response", "return", "status", "307", ...JSON_TYPE],
    ...["string", rpcError(-32603, "upstream gave no valid answer"), "hdr", "location", `?${BY_GATEWAY}`],
    ...["unless", "{", "res.body,bytes(0,1)", "-m", "str", "{", "[", "}"],
  ],
];

/** What HAProxy says by itself. */
export const ownErrors: string[][] = [
  [400, -32600, "bad request"],
  [408, -32600, "request timeout"],
  [413, -32600, "request too large"],
  [500, -32603, "internal error"],
  [502, -32603, "upstream gave no valid answer"],
  [503, -32603, "no upstream ready"],
  [504, -32603, "upstream timeout"],
].map(([status, code, message]) => [
  ...["http-error", "status", String(status), ...JSON_TYPE],
  ...["string", rpcError(Number(code), String(message))],
  ...(status === 503 ? ["hdr", "retry-after", "1"] : []),
]);

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Answer, type Answerer, failure, INVALID_REQUEST, json } from "./json-rpc";
import { StartError } from "./start-error";

/** As anvil's own limit. */
export const BODY_LIMIT = 2 * 1024 * 1024;

export interface RpcServerOptions {
  /** Without a host it listens on every address of both families. */
  at: { host?: string; port: number };
  answer: Answerer;
  signal: AbortSignal;
}

/** Serves JSON-RPC by POST, until the signal; calls under way are answered first. Throws `StartError`. */
export async function serveRpc({ at, answer, signal }: RpcServerOptions) {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    void take(request, answer).then(
      (given) => send(response, given),
      () => response.destroy(),
    );
  });
  server.maxConnections = 1024;
  server.listen(at);
  await once(server, "listening").catch((cause: Error) => {
    throw new StartError(`cannot listen: ${cause.message}`);
  });
  signal.addEventListener("abort", () => server.close());
  return server;
}

async function take(request: IncomingMessage, answer: Answerer): Promise<Answer> {
  if (request.method !== "POST") return json(failure(null, INVALID_REQUEST, "send JSON-RPC by POST"), 405);
  const chunks: Buffer[] = [];
  let size = 0;
  // Left early it would take the connection down, before the client has read why.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > BODY_LIMIT) return json(failure(null, INVALID_REQUEST, "the body is too large"), 413);
    chunks.push(chunk);
  }
  return answer(Buffer.concat(chunks));
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const headers: Record<string, string | number> = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  // What follows on the connection of a refused body is the rest of that body.
  if (status === 413) headers.connection = "close";
  response.writeHead(status, headers).end(body);
}

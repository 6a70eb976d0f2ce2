import { isUtf8 } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { UNITS_HEADER } from "../components/core/edge/spending";
import { type Answer, answer } from "./answer";
import { errorText, INVALID_REQUEST, PARSE_ERROR } from "./call";
import type { EdgeContext } from "./context";
import { takeShortWay } from "./http/short-way";
import { methodMetrics } from "./method-metrics";

/** What is said on the way out, so that HAProxy sends nothing more on a connection that is about to close. */
export interface Leaving {
  isLeaving: boolean;
}

/** Until the end of a body: who sends slower holds a connection for nothing. */
const BODY_MS = 10_000;

const LATE = { status: 408, text: errorText(undefined, INVALID_REQUEST, "request timeout") };

/** Serves JSON-RPC by POST, the health page and metrics by GET. Only HAProxy reaches it. */
export function edgeServer(
  context: EdgeContext,
  leaving: Leaving,
): { server: Server; closeIdle: () => void } {
  const server = createServer(
    // Of a long body HAProxy waits for the beginning alone; it keeps connections as long as it likes.
    {
      ...{ requestTimeout: BODY_MS, headersTimeout: BODY_MS, connectionsCheckingInterval: 1_000 },
      ...{ keepAliveTimeout: 0, maxHeaderSize: 32 * 1024 },
    },
    (request, response) => {
      void respond(request, context).then(
        (given) => send(response, given, leaving),
        () => response.destroy(),
      );
    },
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code !== "ERR_HTTP_REQUEST_TIMEOUT" || !socket.writable) return void socket.destroy();
    const head = ["HTTP/1.1 408 Request Timeout", "content-type: application/json", "connection: close"];
    socket.end([...head, `content-length: ${LATE.text.length}`, "", LATE.text].join("\r\n"));
  });
  const closeIdle = takeShortWay(server, {
    answer: (body) => answerBytes(body, context),
    bodyBytes: () => context.settings.limits.bodyBytes,
    patience: BODY_MS,
    late: LATE,
    isLeaving: () => leaving.isLeaving,
  });
  return {
    server,
    closeIdle: () => {
      closeIdle();
      server.closeIdleConnections();
    },
  };
}

async function answerBytes(body: Buffer, context: EdgeContext): Promise<Answer> {
  if (!isUtf8(body)) return refused(400, PARSE_ERROR, "no JSON: the text is not UTF-8");
  return answer(body, context);
}

interface Page extends Answer {
  type?: string;
}

async function respond(request: IncomingMessage, context: EdgeContext): Promise<Page> {
  if (request.method === "GET") return page(request.url ?? "", context);
  if (request.method !== "POST") return refused(405, INVALID_REQUEST, "send JSON-RPC by POST");
  const body = await bodyOf(request, context.settings.limits.bodyBytes);
  if (!body) return refused(413, INVALID_REQUEST, "request too large");
  return answerBytes(body, context);
}

const refused = (status: number, code: number, message: string): Page => ({
  status,
  text: errorText(undefined, code, message),
});

async function page(url: string, { pool, counters, settings }: EdgeContext): Promise<Page> {
  const state = pool.state();
  if (url === "/metrics") {
    const counts = `${counters.text()}${await methodMetrics(settings.counts)}`;
    return { status: 200, type: "text/plain; version=0.0.4", text: metrics(state, counts) };
  }
  const isUp = state.nodes.some(({ up }) => up);
  const block = pool.tip();
  const status = { status: isUp ? (state.degraded ? "behind" : "ok") : "down", ...(block ? { block } : {}) };
  return { status: isUp ? 200 : 503, text: `${JSON.stringify(status)}\n` };
}

const metrics = ({ degraded, nodes }: ReturnType<EdgeContext["pool"]["state"]>, counts: string): string =>
  [
    "# TYPE nodewright_edge_degraded gauge",
    `nodewright_edge_degraded ${Number(degraded)}`,
    "# TYPE nodewright_edge_node_up gauge",
    ...nodes.map(({ name, up }) => `nodewright_edge_node_up{node="${name}"} ${Number(up)}`),
    "# TYPE nodewright_edge_node_block gauge",
    ...nodes.flatMap(({ name, block }) =>
      block === undefined ? [] : `nodewright_edge_node_block{node="${name}"} ${block}`,
    ),
    counts,
  ].join("\n");

/** Undefined when it is larger than `most` bytes; the rest of it is then read and thrown away. */
async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
  }
  return size <= most ? Buffer.concat(chunks) : undefined;
}

function send(
  response: ServerResponse,
  { status, text, type = "application/json", units }: Page,
  leaving: Leaving,
): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    ...(units === undefined ? {} : { [UNITS_HEADER]: units }),
    ...(leaving.isLeaving ? { connection: "close" } : {}),
  });
  response.end(text);
}

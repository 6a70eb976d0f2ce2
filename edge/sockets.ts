import { isUtf8 } from "node:buffer";
import type { Server } from "node:http";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { SOCKET_HEADER } from "../components/core/edge/haproxy-frontend";
import { answer, fromNodes, type Subscriber } from "./answer";
import { errorText, LIMIT_EXCEEDED } from "./call";
import type { EdgeContext } from "./context";
import { GatheredReads } from "./gathered-reads";
import type { Leaving } from "./server";
import { type Spender, Spending } from "./spending";
import type { Subscriptions } from "./subscriptions";

/** RFC 6455, 7.4.1, and the registry of close codes: the server is restarting, come again. */
const RESTARTING = 1012;
const UNSUPPORTED_DATA = 1003;
const POLICY = 1008;
const TRY_LATER = 1013;

/** Well before HAProxy ends the old process. */
const LEAVE_WITHIN_MS = 15_000;

const PING_MS = 20_000;
/** Calls of one socket under way at once; further ones wait their turn with the client. */
const AT_ONCE = 32;

export interface Sockets {
  /** Closes all, at a stop. */
  close(): void;
  /** Closes those that came by another process of HAProxy than this one, a few at a time. */
  leave(worker: string): void;
}

/** Serves the same calls over WebSocket, each message read as a body is. */
export function serveSockets(
  server: Server,
  context: EdgeContext,
  subscriptions: Subscriptions,
  leaving: Leaving,
): Sockets {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const workers = new WeakMap<WebSocket, string>();
  const spending = new Spending();
  server.on("upgrade", (request, socket, head) => {
    const { limits } = context.settings;
    socket.on("error", () => socket.destroy());
    sockets.options.maxPayload = limits.bodyBytes;
    const { worker, spender } = cameBy(request.headers[SOCKET_HEADER]);
    const spends = (units: number) => spender === undefined || spending.take(spender, units);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (leaving.isLeaving) webSocket.close(RESTARTING, "restarting");
      else if (sockets.clients.size > limits.sockets) webSocket.close(TRY_LATER, "too many connections");
      else converse(webSocket, context, subscriptions, spends);
      workers.set(webSocket, worker);
    });
  });
  return {
    close: () => closeAll(sockets.clients),
    leave: (worker) => {
      // All at once would come again all at once.
      const old = [...sockets.clients].filter((socket) => workers.get(socket) !== worker);
      const each = LEAVE_WITHIN_MS / Math.max(old.length, 1);
      for (const [index, socket] of old.entries()) setTimeout(() => closeAll([socket]), index * each).unref();
    },
  };
}

/** What HAProxy says of who came. A client's key counts, wherever it is used from; else its address. */
function cameBy(header: string | string[] | undefined): { worker: string; spender?: Spender } {
  const [worker = "", price, address = "", key = ""] = String(header ?? "").split(" ");
  if (price === undefined) return { worker };
  return { worker, spender: { name: key === "" ? address : `key ${key}`, microsPerUnit: Number(price) } };
}

function closeAll(sockets: Iterable<WebSocket>): void {
  for (const socket of sockets) socket.close(RESTARTING, "restarting");
}

function converse(
  socket: WebSocket,
  context: EdgeContext,
  subscriptions: Subscriptions,
  maySpend: (units: number) => boolean,
): void {
  const { limits } = context.settings;
  const share = new Share(limits.callsPerSocket);
  const own = subscriptions.of((text) => tell(socket, text, limits.responseBytes));
  const subscriber: Subscriber = (call) => own.answer(call);
  const gathered = new GatheredReads(context, fromNodes);
  const counted = (isTaken: boolean): boolean => {
    if (!isTaken) context.counters.add("nodewright_edge_socket_refusals_total");
    return isTaken;
  };
  const spends = (units: number): boolean => counted(maySpend(units));
  let underWay = 0;
  socket.on("error", () => socket.terminate());
  keepAlive(socket);
  socket.on("close", () => own.end());
  socket.on("message", (data: RawData, isBinary: boolean) => {
    const bytes = data as Buffer;
    if (isBinary || !isUtf8(bytes)) return socket.close(UNSUPPORTED_DATA, "text only");
    if (!counted(share.take(1 + Math.floor(bytes.length / 1024)))) {
      return tell(
        socket,
        errorText(undefined, LIMIT_EXCEEDED, "too many calls on this connection"),
        limits.responseBytes,
      );
    }
    if (++underWay >= AT_ONCE) socket.pause();
    void answer(bytes, context, { subscriber, gathered, spends }).then(({ text }) => {
      if (--underWay < AT_ONCE && socket.isPaused) socket.resume();
      if (text !== "") tell(socket, text, limits.responseBytes);
    });
  });
}

/** A client that does not read what it asked for is not waited for. */
function tell(socket: WebSocket, text: string, most: number): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > 2 * most) socket.close(POLICY, "reads too slowly");
  else socket.send(text);
}

function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  socket.on("pong", () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  socket.on("close", () => clearInterval(timer));
}

/** So much a second, and as much again saved up. */
class Share {
  private left: number;
  private since = performance.now();

  constructor(private readonly perSecond: number) {
    this.left = 2 * perSecond;
  }

  take(units: number): boolean {
    const now = performance.now();
    this.left = Math.min(2 * this.perSecond, this.left + ((now - this.since) / 1000) * this.perSecond);
    this.since = now;
    if (this.left < units) return false;
    this.left -= units;
    return true;
  }
}

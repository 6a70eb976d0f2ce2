import type { Server } from "node:http";
import type { Socket } from "node:net";
import { UNITS_HEADER } from "../../components/core/edge/spending";
import { SizedBody, whole } from "./body";
import { HttpError, lengthOf, readHead } from "./head";

export interface Reply {
  /** HTTP status. */
  status: number;
  /** JSON. */
  text: string;
  /** What HAProxy is told of its cost. */
  units?: number;
}

export interface ShortWay {
  /** The reply to a body. Never rejects. */
  answer: (body: Buffer) => Promise<Reply>;
  /** Larger bodies are left to the server. */
  bodyBytes: () => number;
  /** Milliseconds within which a body has to be there, and what is said when it is not. */
  patience: number;
  late: Reply;
  /** Whether each reply is to be the last on its connection. */
  isLeaving: () => boolean;
}

const END = "\r\n\r\n";
const REASONS: Readonly<Record<number, string>> = { 200: "OK", 400: "Bad Request", 408: "Request Timeout" };

/**
 * Serves what nearly every request is, a POST of a known length whose head comes in one piece, without the
 * objects that Node.js makes for each, which cost more than the answer. From the first request on that is anything else a
 * connection is the server's, which reads it from its beginning: what is odd has one reader. Answers what ends connections that wait for a request.
 */
export function takeShortWay(server: Server, way: ShortWay): () => void {
  const open = new Set<Line>();
  const listeners = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    const line = new Line(socket, way, (first) => {
      open.delete(line);
      if (first.length > 0) socket.unshift(first);
      for (const listener of listeners) listener.call(server, socket);
    });
    open.add(line);
    socket.on("close", () => open.delete(line));
  });
  return () => {
    for (const line of open) line.closeIdle();
  };
}

/** One connection, for as long as what comes is of the usual kind. */
class Line {
  private body: SizedBody | undefined;
  private isAnswering = false;
  private isLast = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly way: ShortWay,
    private readonly give: (first: Buffer) => void,
  ) {
    socket.setNoDelay(true);
    socket.on("data", this.take).on("error", this.drop).on("close", this.drop).on("end", this.ended);
  }

  closeIdle(): void {
    if (!this.body && !this.isAnswering) this.socket.end();
  }

  private readonly drop = (): void => {
    clearTimeout(this.timer);
    this.socket.destroy();
  };

  /** Nothing more comes; what was asked is answered still. */
  private readonly ended = (): void => {
    this.isLast = true;
    if (!this.isAnswering) this.socket.end();
  };

  private readonly take = (chunk: Buffer): void => {
    if (this.isAnswering) {
      // The next request before this one's answer: it waits.
      this.socket.pause();
      if (chunk.length > 0) this.socket.unshift(chunk);
      return;
    }
    if (this.body) {
      this.more(chunk);
      return;
    }
    const end = chunk.indexOf(END);
    const length = end < 0 ? undefined : usualLength(chunk.toString("latin1", 0, end));
    if (length === undefined || length > this.way.bodyBytes()) {
      this.giveAway(chunk);
      return;
    }
    this.body = new SizedBody(length);
    this.more(chunk.subarray(end + END.length));
  };

  private more(chunk: Buffer): void {
    const { body } = this;
    const rest = body?.take(chunk);
    if (!body || !rest) {
      this.timer ??= setTimeout(() => this.reply(this.way.late, true), this.way.patience);
      return;
    }
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isAnswering = true;
    if (rest.length > 0) this.take(rest);
    void this.way.answer(whole(body)).then((reply) => this.reply(reply, this.way.isLeaving()));
  }

  private reply({ status, text, units }: Reply, isLast: boolean): void {
    const { socket } = this;
    if (socket.destroyed) return;
    const head = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\ncontent-type: application/json\r\n`;
    const cost = units === undefined ? "" : `${UNITS_HEADER}: ${units}\r\n`;
    const last = isLast ? "connection: close\r\n" : "";
    socket.write(`${head}${cost}${last}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    this.body = undefined;
    this.isAnswering = false;
    if (!isLast && !this.isLast) {
      if (socket.isPaused()) socket.resume();
      return;
    }
    // Whatever still comes is no request.
    socket.off("data", this.take).resume();
    socket.end();
  }

  private giveAway(first: Buffer): void {
    this.socket.off("data", this.take).off("error", this.drop).off("close", this.drop).off("end", this.ended);
    this.give(first);
  }
}

/** Length of the body of a usual request; undefined for any other, which the server may make something of. */
function usualLength(text: string): number | undefined {
  try {
    const head = readHead(text);
    const { first, headers } = head;
    if (!first.startsWith("POST /") || !first.endsWith(" HTTP/1.1") || first.split(" ").length !== 3)
      return undefined;
    if (headers.has("transfer-encoding") || headers.has("expect") || headers.has("upgrade")) return undefined;
    return headers.has("connection") && headers.get("connection") !== "keep-alive"
      ? undefined
      : lengthOf(head);
  } catch (error) {
    if (error instanceof HttpError) return undefined;
    throw error;
  }
}

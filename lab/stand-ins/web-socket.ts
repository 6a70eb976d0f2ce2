import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Answerer } from "./json-rpc";
import { BODY_LIMIT } from "./rpc-server";

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** RFC 6455, 1.3. */
const HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Serves the same calls over WebSocket (RFC 6455): one message, one answer, no subscriptions and no extensions. */
export function serveWebSocket(server: Server, answer: Answerer, signal: AbortSignal): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const close = () => socket.destroy();
    signal.addEventListener("abort", close);
    socket.on("close", () => signal.removeEventListener("abort", close));
    socket.on("error", close);
    const key = request.headers["sec-websocket-key"];
    if (request.headers.upgrade?.toLowerCase() !== "websocket" || key === undefined)
      return void socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    const accept = createHash("sha1").update(`${key}${HANDSHAKE}`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.unshift(head);
    void converse(socket, answer).then(() => socket.end(), close);
  });
}

async function converse(socket: Duplex, answer: Answerer): Promise<void> {
  for await (const message of messages(socket)) {
    const { body } = await answer(message);
    if (!socket.write(frame(TEXT, Buffer.from(body)))) await once(socket, "drain");
  }
}

/** The client's messages, one at a time; pings are answered. Ends when the client says so, throws on a bad frame. */
async function* messages(socket: Duplex): AsyncGenerator<Buffer> {
  let waiting: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    waiting = Buffer.concat([waiting, chunk]);
    for (let next = readFrame(waiting); next; next = readFrame(waiting)) {
      const { last, opcode, payload, size } = next;
      waiting = waiting.subarray(size);
      if (opcode === CLOSE) return void socket.write(frame(CLOSE, payload));
      if (opcode === PING) socket.write(frame(PONG, payload));
      if (opcode >= CLOSE) continue;
      parts.push(payload);
      if (parts.reduce((sum, part) => sum + part.length, 0) > BODY_LIMIT)
        throw new Error("message too large");
      if (!last) continue;
      yield Buffer.concat(parts);
      parts = [];
    }
  }
}

interface Frame {
  last: boolean;
  opcode: number;
  payload: Buffer;
  /** Of the frame, header and all. */
  size: number;
}

/** The first frame of these bytes, or undefined while it is not whole. A client's frames are masked. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  if ((first & 0x70) !== 0 || (second & 0x80) === 0) throw new Error("not a client's frame");
  const short = second & 0x7f;
  const mask = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < mask + 4) return undefined;
  const length = mask === 10 ? Number(bytes.readBigUInt64BE(2)) : mask === 4 ? bytes.readUInt16BE(2) : short;
  if (length > BODY_LIMIT) throw new Error("frame too large");
  const size = mask + 4 + length;
  if (bytes.length < size) return undefined;
  const payload = Buffer.from(bytes.subarray(mask + 4, size));
  for (let i = 0; i < length; i++)
    payload.writeUInt8(payload.readUInt8(i) ^ bytes.readUInt8(mask + (i & 3)), i);
  return { last: (first & 0x80) !== 0, opcode: first & 0x0f, payload, size };
}

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65536 ? 4 : 10);
  header.writeUInt8(0x80 | opcode, 0);
  header.writeUInt8(header.length === 2 ? length : header.length === 4 ? 126 : 127, 1);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

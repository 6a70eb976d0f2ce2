import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Call {
  id?: unknown;
  method?: unknown;
  params?: unknown[];
}

export type Fault = "none" | "hung" | "error" | "garbage";

/**
 * A JSON-RPC server that reads as geth does: keys without case, the last of two wins. So it executes what a stricter
 * reader may have taken for something else. It remembers every method that reached it.
 */
export class FakeNode {
  readonly seen: string[] = [];
  readonly bodies: string[] = [];
  /** Of every request, with the values. */
  readonly headers: IncomingMessage["headers"][] = [];
  readonly paths: string[] = [];
  head = { number: 100, hash: "0xaa", time: Math.floor(Date.now() / 1000) };
  fault: Fault = "none";
  /** Methods it does not have. */
  missing = new Set<string>();
  /** Results by method, as JSON text; a method without one gets its own name. */
  results: Record<string, string> = {};
  /** The error that it answers with, by whatever method. */
  failure: { code: number; message: string } | undefined;
  /** Milliseconds before it answers. */
  delay = 0;
  /** Keeps the head's time at the clock. */
  live = true;
  private readonly server = createServer((request, response) => void this.take(request, response));

  async start(port = 0): Promise<this> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Refuses connections, as a killed process does, until started again. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.headers.push(request.headers);
    this.paths.push(request.url ?? "");
    const body = await text(request).catch(() => undefined);
    if (body === undefined || this.fault === "hung") return;
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (this.fault === "error") return void response.writeHead(500).end("out of order");
    this.bodies.push(body);
    const answer = this.fault === "garbage" ? "<html>?</html>" : this.answer(body, request.url ?? "");
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(answer),
    });
    response.end(answer);
  }

  private answer(body: string, url: string): string {
    if (url === "/v1/chain/get_info")
      return JSON.stringify({ head_block_time: new Date().toISOString().replace("Z", "") });
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      return '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}';
    }
    if (!Array.isArray(value)) return this.one(value);
    return `[${value.map((each) => this.one(each)).join(",")}]`;
  }

  private one(value: unknown): string {
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    const call: Call = Object.fromEntries(entries.map(([key, part]) => [key.toLowerCase(), part as unknown]));
    const id = JSON.stringify(call.id ?? null);
    if (typeof call.method !== "string")
      return `{"jsonrpc":"2.0","id":${id},"error":{"code":-32600,"message":"invalid request"}}`;
    this.seen.push(call.method);
    if (this.failure) return JSON.stringify({ jsonrpc: "2.0", id: call.id ?? null, error: this.failure });
    if (this.missing.has(call.method))
      return `{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"the method does not exist"}}`;
    return `{"jsonrpc":"2.0","id":${id},"result":${this.results[call.method] ?? this.own(call)}}`;
  }

  private own({ method, params }: Call): string {
    const { number, hash } = this.head;
    const time = this.live ? Math.floor(Date.now() / 1000) : this.head.time;
    const hex = (value: number) => `0x${value.toString(16)}`;
    if (method === "eth_blockNumber") return JSON.stringify(hex(number));
    if (method === "eth_getBlockByNumber") {
      const wanted = typeof params?.[0] === "string" && /^0x/.test(params[0]) ? Number(params[0]) : number;
      return JSON.stringify({
        number: hex(wanted),
        hash: wanted === number ? hash : `${hash}${wanted}`,
        parentHash: `${hash}${wanted - 1}`,
        timestamp: hex(time),
        ...{ gasUsed: "0x5", gasLimit: "0xa", transactions: [] },
      });
    }
    return JSON.stringify(method);
  }
}

import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { ABI, Serializer } from "@wharfkit/antelope";
import WebSocket, { WebSocketServer } from "ws";

/** The part of nodeos' own SHIP ABI that a follower of blocks needs, in the same words and order. */
const ABI_TEXT = JSON.stringify({
  version: "eosio::abi/1.1",
  structs: [
    { name: "get_status_request_v0", base: "", fields: [] },
    {
      name: "block_position",
      base: "",
      fields: [
        { name: "block_num", type: "uint32" },
        { name: "block_id", type: "checksum256" },
      ],
    },
    {
      name: "get_status_result_v0",
      base: "",
      fields: [
        { name: "head", type: "block_position" },
        { name: "last_irreversible", type: "block_position" },
        { name: "trace_begin_block", type: "uint32" },
        { name: "trace_end_block", type: "uint32" },
        { name: "chain_state_begin_block", type: "uint32" },
        { name: "chain_state_end_block", type: "uint32" },
        { name: "chain_id", type: "checksum256$" },
      ],
    },
    {
      name: "get_blocks_request_v0",
      base: "",
      fields: [
        { name: "start_block_num", type: "uint32" },
        { name: "end_block_num", type: "uint32" },
        { name: "max_messages_in_flight", type: "uint32" },
        { name: "have_positions", type: "block_position[]" },
        { name: "irreversible_only", type: "bool" },
        { name: "fetch_block", type: "bool" },
        { name: "fetch_traces", type: "bool" },
        { name: "fetch_deltas", type: "bool" },
      ],
    },
    {
      name: "get_blocks_ack_request_v0",
      base: "",
      fields: [{ name: "num_messages", type: "uint32" }],
    },
    {
      name: "get_blocks_result_v0",
      base: "",
      fields: [
        { name: "head", type: "block_position" },
        { name: "last_irreversible", type: "block_position" },
        { name: "this_block", type: "block_position?" },
        { name: "prev_block", type: "block_position?" },
        { name: "block", type: "bytes?" },
        { name: "traces", type: "bytes?" },
        { name: "deltas", type: "bytes?" },
      ],
    },
    {
      name: "block_header",
      base: "",
      fields: [
        { name: "timestamp", type: "block_timestamp_type" },
        { name: "producer", type: "name" },
        { name: "confirmed", type: "uint16" },
        { name: "previous", type: "checksum256" },
      ],
    },
  ],
  variants: [
    {
      name: "request",
      types: ["get_status_request_v0", "get_blocks_request_v0", "get_blocks_ack_request_v0"],
    },
    { name: "result", types: ["get_status_result_v0", "get_blocks_result_v0"] },
  ],
});
const SHIP_ABI = ABI.from(ABI_TEXT);

interface Block {
  block_num: number;
  block_id: string;
  previous: string;
  time: Date;
}

const BIRTH = Date.parse("2026-11-22T00:00:00Z");
const ZERO = "0".repeat(64);

/** A native chain and the state history of it, at the pace that a test sets. Behaves as nodeos does to its clients. */
export class ShipServer {
  /** Blocks 1 to the head. */
  readonly chain: Block[] = [];
  lib = 1;
  traceBegin = 2;
  /** Blocks that nodeos has no longer, by number. */
  readonly missing = new Set<number>();
  private readonly clients = new Map<WebSocket, { next: number; room: number }>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly server: WebSocketServer) {
    this.grow(2);
  }

  static async listen(port = 0): Promise<ShipServer> {
    const server = new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false });
    const ship = new ShipServer(server);
    server.on("connection", (client) => ship.serve(client));
    await once(server, "listening");
    return ship;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Adds blocks, half a second of chain time apart; `branch` makes their ids other than those of another branch. */
  grow(count: number, branch = ""): void {
    for (let added = 0; added < count; added++) {
      const last = this.chain.at(-1);
      const block_num = (last?.block_num ?? 0) + 1;
      const previous = last?.block_id ?? ZERO;
      const digest = createHash("sha256").update(`${previous}${branch}`).digest("hex");
      this.chain.push({
        block_num,
        block_id: block_num.toString(16).padStart(8, "0") + digest.slice(8),
        previous,
        time: new Date((last?.time.getTime() ?? BIRTH) + 500),
      });
    }
    for (const client of this.clients.keys()) this.push(client);
  }

  /** Takes blocks off the head and puts others there, one more than were. */
  fork(depth: number, branch: string): void {
    this.chain.splice(-depth);
    const forked = this.chain.length + 1;
    for (const state of this.clients.values()) state.next = Math.min(state.next, forked);
    this.grow(depth + 1, branch);
  }

  /** The chain grows by itself, far faster than a real one. */
  run(): this {
    this.timer = setInterval(() => {
      this.grow(1);
      this.lib = Math.max(this.lib, this.chain.length - 4);
    }, 50);
    return this;
  }

  close(): void {
    clearInterval(this.timer);
    for (const client of this.server.clients) client.terminate();
    this.server.close();
  }

  private serve(client: WebSocket): void {
    client.on("error", () => {});
    client.on("close", () => this.clients.delete(client));
    client.send(ABI_TEXT, { binary: false });
    client.on("message", (data: Buffer) => {
      const decoded = Serializer.decode({ data, type: "request", abi: SHIP_ABI });
      const [name, fields] = Serializer.objectify(decoded) as [string, Record<string, number>];
      if (name === "get_status_request_v0") this.reply(client, "get_status_result_v0", this.status());
      else if (name === "get_blocks_request_v0")
        this.clients.set(client, {
          next: fields.start_block_num ?? 0,
          room: fields.max_messages_in_flight ?? 0,
        });
      else {
        const state = this.clients.get(client);
        if (state) state.room += fields.num_messages ?? 0;
      }
      this.push(client);
    });
  }

  private push(client: WebSocket): void {
    const state = this.clients.get(client);
    while (
      state &&
      state.room > 0 &&
      state.next <= this.chain.length &&
      client.readyState === WebSocket.OPEN
    ) {
      this.reply(client, "get_blocks_result_v0", { ...this.status(), ...this.body(state.next) });
      state.next++;
      state.room--;
    }
  }

  private status() {
    const at = (num: number) => this.chain[num - 1] ?? { block_num: 0, block_id: ZERO };
    return {
      head: at(this.chain.length),
      last_irreversible: at(this.lib),
      trace_begin_block: this.traceBegin,
      trace_end_block: this.chain.length + 1,
      chain_state_begin_block: 0,
      chain_state_end_block: 0,
      chain_id: ZERO,
    };
  }

  private body(num: number) {
    const block = this.chain[num - 1];
    if (!block || this.missing.has(num)) return { this_block: block };
    const { time, previous } = block;
    const header = {
      timestamp: time.toISOString().replace("Z", ""),
      producer: "eosio",
      confirmed: 0,
      previous,
    };
    const bytes = Serializer.encode({ object: header, type: "block_header", abi: SHIP_ABI });
    return { this_block: block, prev_block: this.chain[num - 2], block: bytes.hexString };
  }

  private reply(client: WebSocket, name: string, fields: object): void {
    client.send(Serializer.encode({ object: [name, fields], type: "result", abi: SHIP_ABI }).array);
  }
}

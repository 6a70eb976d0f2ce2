import { on } from "node:events";
import { ABI, Serializer } from "@wharfkit/antelope";
import WebSocket from "ws";
import { type Endpoint, printEndpoint } from "./endpoint";
import type { NativeBlock } from "./native-chain";

/** A block's number and id. */
export interface Position {
  num: number;
  id: string;
}

export interface ShipStatus {
  head: Position;
  lib: Position;
  /** First block whose traces are kept, and the one after the last; both 0 while there is none. */
  traceBegin: number;
  traceEnd: number;
}

export interface ShipBlock {
  head: Position;
  lib: Position;
  /** Undefined where nodeos no longer has the block itself. */
  block?: NativeBlock;
  num: number;
}

/** A connection to the state history of nodeos (state_history_plugin, ABI `eosio::abi/1.1` sent first). */
export interface Ship {
  status(): Promise<ShipStatus>;
  /** Blocks from this number on, as the chain goes: after a fork the numbers go back. Ends only by throwing. */
  blocks(start: number): AsyncGenerator<ShipBlock>;
  close(): void;
}

/** Sent and not yet acknowledged. */
const IN_FLIGHT = 10;
const FOREVER = 0xffff_ffff;

interface RawPosition {
  block_num: number;
  block_id: string;
}

interface RawStatus {
  head: RawPosition;
  last_irreversible: RawPosition;
  trace_begin_block: number;
  trace_end_block: number;
}

interface RawBlock extends Pick<RawStatus, "head" | "last_irreversible"> {
  this_block?: RawPosition;
  prev_block?: RawPosition;
  block?: string;
}

/** Connects, over IPv4 alone as the real program does. Throws when nodeos is not there or says no ABI. */
export async function openShip({ host, port }: Endpoint, signal: AbortSignal): Promise<Ship> {
  const socket = new WebSocket(`ws://${printEndpoint({ host, port })}`, {
    perMessageDeflate: false,
    maxPayload: 0,
    family: 4,
  });
  const messages = on(socket, "message", { close: ["close"], signal });
  // After the iterator has ended nobody else would hear it, and the process would end.
  socket.on("error", () => {});
  signal.addEventListener("abort", () => socket.terminate(), { once: true });
  const next = async (): Promise<Buffer> => {
    const { value, done } = await messages.next();
    if (done) throw new Error("closed by nodeos");
    return (value as [Buffer])[0];
  };
  const abi = ABI.from((await next()).toString());
  const send = (name: string, fields: object) =>
    socket.send(Serializer.encode({ object: [name, fields], type: "request", abi }).array);
  const receive = async (name: string): Promise<unknown> => {
    const decoded = Serializer.decode({ data: await next(), type: "result", abi });
    const [type, fields] = Serializer.objectify(decoded) as [string, unknown];
    if (type !== name) throw new Error(`nodeos answers with ${type} where ${name} was asked`);
    return fields;
  };
  return {
    status: async () => {
      send("get_status_request_v0", {});
      return toStatus((await receive("get_status_result_v0")) as RawStatus);
    },
    async *blocks(start) {
      send("get_blocks_request_v0", {
        start_block_num: start,
        end_block_num: FOREVER,
        max_messages_in_flight: IN_FLIGHT,
        have_positions: [],
        irreversible_only: false,
        fetch_block: true,
        fetch_traces: true,
        fetch_deltas: false,
      });
      for (let num = start; ; ) {
        const block = toBlock((await receive("get_blocks_result_v0")) as RawBlock, abi, num);
        yield block;
        num = block.num + 1;
        send("get_blocks_ack_request_v0", { num_messages: 1 });
      }
    },
    close: () => socket.terminate(),
  };
}

const toPosition = ({ block_num, block_id }: RawPosition): Position => ({ num: block_num, id: block_id });

const toStatus = (raw: RawStatus): ShipStatus => ({
  head: toPosition(raw.head),
  lib: toPosition(raw.last_irreversible),
  traceBegin: raw.trace_begin_block,
  traceEnd: raw.trace_end_block,
});

function toBlock(raw: RawBlock, abi: ABI, expected: number): ShipBlock {
  const about = { head: toPosition(raw.head), lib: toPosition(raw.last_irreversible) };
  if (!raw.this_block || !raw.block) return { ...about, num: raw.this_block?.block_num ?? expected };
  // The header comes first, and nothing after it is of interest here.
  const header = Serializer.objectify(
    Serializer.decode({ data: raw.block, type: "block_header", abi }),
  ) as Record<"timestamp" | "previous", string>;
  const { num, id } = toPosition(raw.this_block);
  // nodeos writes UTC without saying so.
  const time = Date.parse(`${header.timestamp.replace(/Z$/, "")}Z`);
  return { ...about, num, block: { num, id, previous: header.previous, time } };
}

import { on } from "node:events";
import { ABI, Serializer } from "@wharfkit/antelope";
import WebSocket from "ws";
import { z } from "zod";

/** What a nodeos says of its state history. */
export interface ShipStatus {
  head: number;
  lib: number;
  /** First block with traces, and the one after the last; both 0 while there is none. */
  traceBegin: number;
  traceEnd: number;
}

const TIMEOUT_MS = 5_000;

const position = z.object({ block_num: z.number() });
const result = z.tuple([
  z.literal("get_status_result_v0"),
  z.object({
    head: position,
    last_irreversible: position,
    trace_begin_block: z.number(),
    trace_end_block: z.number(),
  }),
]);

/** Asks a state history (`host:port`, WebSocket) how far it reaches: get_status of the SHIP protocol. Throws without an answer. */
export async function shipStatus(endpoint: string): Promise<ShipStatus> {
  const socket = new WebSocket(`ws://${endpoint}`, { perMessageDeflate: false, family: 4 });
  socket.on("error", () => {});
  try {
    const messages = on(socket, "message", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const next = async () => ((await messages.next()).value as [Buffer])[0];
    // nodeos says its ABI first.
    const abi = ABI.from((await next()).toString());
    socket.send(Serializer.encode({ object: ["get_status_request_v0", {}], type: "request", abi }).array);
    const decoded = Serializer.decode({ data: await next(), type: "result", abi });
    const [, found] = result.parse(Serializer.objectify(decoded));
    return {
      head: found.head.block_num,
      lib: found.last_irreversible.block_num,
      traceBegin: found.trace_begin_block,
      traceEnd: found.trace_end_block,
    };
  } finally {
    socket.terminate();
  }
}

import { z } from "zod";

/** What a run came to. */
const outcome = z.object({
  chainId: z.string(),
  /** Pushed, in order; all are irreversible. Without an id: a call of the node's own API. */
  transactions: z.array(z.object({ title: z.string(), id: z.string().optional() })),
  /** What evm-node must start from. Absent without an EVM. */
  genesis: z.object({ timestamp: z.string(), mixHash: z.string() }).optional(),
});

export type Outcome = z.infer<typeof outcome>;

/** The last line of what the command printed. Undefined where it has not run. */
export function parseOutcome(printed: string | undefined): Outcome | undefined {
  const last = printed?.trim().split("\n").at(-1) ?? "";
  return last.startsWith("{") ? outcome.parse(JSON.parse(last)) : undefined;
}

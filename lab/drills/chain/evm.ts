import { z } from "zod";
import type { SampleLab } from "../sample-lab";
import type { Native } from "./native";

/** An EVM block, and the native block that it was made after (`mixHash`). */
export interface EvmBlock {
  height: number;
  nativeNum: number;
  nativeId: string;
}

const answer = z.object({ result: z.object({ number: z.string(), mixHash: z.string() }) });

/** A block as a client of the lab's public endpoint reads it. */
export async function evmBlock(lab: SampleLab, height: number | "latest"): Promise<EvmBlock> {
  const at = height === "latest" ? height : `0x${height.toString(16)}`;
  const given = await lab.rpc({ jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params: [at, false] });
  const { number, mixHash } = answer.parse(given.answer).result;
  const nativeId = mixHash.slice(2);
  return { height: Number(number), nativeNum: Number.parseInt(nativeId.slice(0, 8), 16), nativeId };
}

/** Whether the EVM chain is made from this native chain, as far as `from` and beyond, and its head is not behind it. */
export async function isOnChain(lab: SampleLab, native: Native, from: number): Promise<boolean> {
  const head = await evmBlock(lab, "latest");
  if (head.nativeNum < from) return false;
  // Two native blocks make an EVM block; a few more, so that every forked one is looked at.
  const first = Math.max(1, head.height - (head.nativeNum - from) - 2);
  for (let height = head.height; height >= first; height -= 1) {
    const { nativeNum, nativeId } = await evmBlock(lab, height);
    if ((await native.blockId(nativeNum)) !== nativeId) return false;
    if (nativeNum < from) return true;
  }
  return true;
}

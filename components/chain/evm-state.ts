import { z } from "zod";
import type { EvmState } from "../core/chain/chain-state";
import type { DeclaredChain } from "../core/chain/declared-chain";
import { type NodeApi, NodeError } from "./node-api";

const number = z.union([z.number(), z.string()]).transform(Number);
const config = z.object({
  chainid: number,
  genesis_time: z.string(),
  ingress_bridge_fee: z.string(),
  gas_price: number,
  miner_cut: number,
});
const block = z.object({ id: z.string(), timestamp: z.string() });
const SLOT_MS = 500;

/** What the EVM contract says of itself, by its tables `config` and `balances`. Undefined before `init`. */
export async function evmState(
  node: NodeApi,
  { account, opens }: NonNullable<DeclaredChain["evm"]>,
): Promise<EvmState | undefined> {
  const rows = (table: string, more: object) =>
    node
      .chain("get_table_rows", { json: true, code: account, scope: account, table, ...more })
      .then((answer) => z.object({ rows: z.array(z.unknown()) }).parse(answer).rows);
  const [row] = await rows("config", { limit: 1 });
  if (row === undefined) return undefined;
  const found = config.parse(row);
  const open: string[] = [];
  for (const owner of opens) {
    const bounds = { key_type: "name", lower_bound: owner, upper_bound: owner, limit: 1 };
    if ((await rows("balances", bounds)).length > 0) open.push(owner);
  }
  const genesisTime = `${found.genesis_time.replace(/\.000$/, "")}Z`;
  const genesis = await genesisOf(node, genesisTime);
  return {
    chainId: found.chainid,
    genesisTime,
    ingressFee: found.ingress_bridge_fee,
    gasPrice: found.gas_price,
    minerCut: found.miner_cut,
    open,
    ...(genesis ? { genesis } : {}),
  };
}

/**
 * The native block at the genesis time, or where no producer made it the last one before: its id is the `mixHash` of the
 * EVM's block 0. Undefined where the node's block log begins later, or the block is not irreversible yet.
 */
async function genesisOf(node: NodeApi, time: string): Promise<EvmState["genesis"]> {
  const { lib } = await node.info();
  const goal = Date.parse(time);
  const at = async (num: number) => block.parse(await node.chain("get_block_info", { block_num: num }));
  const timeOf = ({ timestamp }: { timestamp: string }) => Date.parse(`${timestamp}Z`);
  try {
    let [low, high] = [1, lib];
    if (timeOf(await at(high)) < goal) return undefined;
    // Slots may be empty, never doubled: so many blocks back at most.
    low = Math.max(low, high - Math.ceil((timeOf(await at(high)) - goal) / SLOT_MS));
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (timeOf(await at(middle)) <= goal) low = middle;
      else high = middle - 1;
    }
    const { id } = await at(low);
    return { timestamp: time, mixHash: `0x${id}` };
  } catch (cause) {
    // A log that begins with a snapshot has no blocks from before.
    if (cause instanceof NodeError) return undefined;
    throw cause;
  }
}

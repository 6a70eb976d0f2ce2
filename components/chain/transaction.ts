import { deflateSync } from "node:zlib";
import { ABI, Action, Serializer, Transaction } from "@wharfkit/antelope";
import { z } from "zod";
import { normalKey } from "../core/chain/authority";
import { type ChainAction, type FileValue, PERMISSION } from "../core/chain/step";
import { isNative, NATIVE_ABI } from "./native-abi";
import { type NodeApi, NodeError } from "./node-api";
import { type Signer, signatures } from "./signer";

/** What transactions are made with. */
export interface Wallet {
  node: NodeApi;
  signers: readonly Signer[];
  /** Bytes of a contract's file, as its account shall hold them. */
  fileOf(value: FileValue): Uint8Array;
}

/** Seconds that a transaction may wait for its block. */
const LIFETIME = 60;
/** How nodeos refuses what a busy machine had no time for within a block: the same may be asked again. */
const NO_TIME = /deadline|cpu_usage_exceeded|cpu_usage|too long/i;
const TRIES = 40;

const required = z.object({ required_keys: z.array(z.string()) });
const taken = z.object({ transaction_id: z.string() });

/** Encodes actions as the contracts on the chain read them. */
export async function encoded(
  { node, fileOf }: Pick<Wallet, "node" | "fileOf">,
  actions: readonly ChainAction[],
): Promise<Action[]> {
  const abis = new Map<string, ABI>();
  const abiOf = async ({ account, name }: ChainAction): Promise<ABI> => {
    if (isNative(account, name)) return NATIVE_ABI;
    const known = abis.get(account) ?? (await abiFrom(node, account));
    abis.set(account, known);
    return known;
  };
  const made: Action[] = [];
  for (const action of actions) {
    made.push(asAction(action, filled(action.data, fileOf), await abiOf(action)));
  }
  return made;
}

/** A contract that the node has not seen deployed yet lacks the action: that is the node's to mend, as what it refuses is. */
function asAction({ account, name, actor }: ChainAction, data: object, abi: ABI): Action {
  try {
    return Action.from({ account, name, authorization: [{ actor, permission: PERMISSION }], data }, abi);
  } catch (cause) {
    throw new NodeError("abi", cause instanceof Error ? cause.message : String(cause));
  }
}

async function abiFrom(node: NodeApi, account: string): Promise<ABI> {
  const answer = z
    .object({ abi: z.string() })
    .parse(await node.chain("get_raw_abi", { account_name: account }));
  return Serializer.decode({ data: Buffer.from(answer.abi, "base64"), type: ABI });
}

const isFile = (value: unknown): value is FileValue =>
  typeof value === "object" && value !== null && "file" in value && "as" in value;

const filled = (data: Record<string, unknown>, fileOf: Wallet["fileOf"]) =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      isFile(value) ? Buffer.from(fileOf(value)).toString("hex") : value,
    ]),
  );

/** Signs and sends one transaction. Returns its id once nodeos has taken it; it is in no block yet. */
export async function push(wallet: Wallet, actions: readonly ChainAction[]): Promise<string> {
  const native = await encoded(wallet, actions);
  for (let left = TRIES; ; left--) {
    try {
      return await send(wallet, native);
    } catch (cause) {
      const isBusy = cause instanceof NodeError && NO_TIME.test(`${cause.exception} ${cause.message}`);
      if (left === 0 || !isBusy) throw cause;
    }
    await nextBlock(wallet.node);
  }
}

async function send({ node, signers }: Wallet, actions: Action[]): Promise<string> {
  const { chainId, headTime, lib, libId } = await node.info();
  const transaction = Transaction.from({
    expiration: new Date(Date.parse(`${headTime}Z`) + LIFETIME * 1000).toISOString().slice(0, 19),
    // Of the last irreversible block: a fork cannot make the reference wrong.
    ref_block_num: lib & 0xffff,
    ref_block_prefix: Buffer.from(libId, "hex").readUInt32LE(8),
    actions,
  });
  const available = signers.flatMap(({ keys }) => keys);
  const asked = {
    transaction: JSON.parse(JSON.stringify(transaction)) as unknown,
    available_keys: available,
  };
  const { required_keys } = required.parse(await node.chain("get_required_keys", asked));
  const keys = required_keys.map(normalKey);
  const digest = transaction.signingDigest(chainId);
  const packed = Serializer.encode({ object: transaction }).array;
  const answer = await node.chain("send_transaction", {
    signatures: await signatures(signers, digest, keys),
    compression: 1,
    packed_context_free_data: "",
    packed_trx: deflateSync(packed).toString("hex"),
  });
  return taken.parse(answer).transaction_id;
}

async function nextBlock(node: NodeApi): Promise<void> {
  const { head } = await node.info();
  for (let left = 600; left > 0; left--) {
    await new Promise((done) => setTimeout(done, 100));
    if ((await node.info()).head > head) return;
  }
}

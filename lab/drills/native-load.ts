import { setTimeout as pause } from "node:timers/promises";
import {
  Action,
  type Name,
  PackedTransaction,
  PrivateKey,
  SignedTransaction,
  Transaction,
} from "@wharfkit/antelope";
import { z } from "zod";
import { NATIVE_ABI } from "../../components/chain/native-abi";

const infoSchema = z.looseObject({
  chain_id: z.string(),
  head_block_id: z.string(),
  head_block_num: z.number(),
  head_block_time: z.string(),
});
export type ChainInfo = z.infer<typeof infoSchema>;

/** `get_info` of a nodeos. Throws where it does not answer within two seconds. */
export async function chainInfo(endpoint: string): Promise<ChainInfo> {
  return infoSchema.parse(await ask(endpoint, "get_info", {}));
}

export interface NativeLoad {
  /** Transactions that nodeos has taken. */
  accepted(): number;
  stop(): Promise<void>;
}

/**
 * Makes accounts on a private chain, signed with the key of its genesis, some transactions a second, until it is stopped.
 * Whichever endpoint answers is used; while none does it waits.
 */
export function loadChain(endpoints: readonly string[], genesisKey: string, perSecond = 10): NativeLoad {
  const key = PrivateKey.from(genesisKey);
  const prefix = Date.now();
  let [accepted, isOver] = [0, false];
  const work = (async () => {
    for (let count = 0; !isOver; count++) {
      const name = accountName(prefix * 1000 + count);
      for (const endpoint of endpoints) {
        const isTaken = await send(endpoint, name, key).then(
          () => true,
          () => false,
        );
        if (isTaken) accepted++;
        if (isTaken) break;
      }
      await pause(1000 / perSecond);
    }
  })();
  return {
    accepted: () => accepted,
    stop: () => {
      isOver = true;
      return work;
    },
  };
}

async function send(endpoint: string, name: string, key: PrivateKey): Promise<void> {
  const { chain_id, head_block_id, head_block_time } = await chainInfo(endpoint);
  const authority = {
    threshold: 1,
    keys: [{ key: key.toPublic(), weight: 1 }],
    accounts: [],
    waits: [],
  };
  const action = Action.from(
    {
      account: "eosio",
      name: "newaccount",
      authorization: [{ actor: "eosio", permission: "active" }],
      data: { creator: "eosio", name: name as unknown as Name, owner: authority, active: authority },
    },
    NATIVE_ABI,
  );
  const id = Buffer.from(head_block_id, "hex");
  const transaction = Transaction.from({
    expiration: new Date(Date.parse(`${head_block_time}Z`) + 60_000).toISOString().slice(0, 19),
    ref_block_num: id.readUInt32BE(0) & 0xffff,
    ref_block_prefix: id.readUInt32LE(8),
    actions: [action],
  });
  const signature = key.signDigest(transaction.signingDigest(chain_id));
  const signed = SignedTransaction.from({ ...transaction, signatures: [signature] });
  await ask(endpoint, "send_transaction", PackedTransaction.fromSigned(signed));
}

/** 12 characters of a–z and 1–5. */
function accountName(number: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz12345";
  let [rest, name] = [number, ""];
  while (name.length < 12) {
    name = letters[rest % letters.length] + name;
    rest = Math.floor(rest / letters.length);
  }
  return name;
}

async function ask(endpoint: string, call: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${endpoint}/v1/chain/${call}`, {
    method: "POST",
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(2_000),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${endpoint} ${call}: ${answer.slice(0, 300)}`);
  return JSON.parse(answer);
}

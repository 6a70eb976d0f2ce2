import { createHash } from "node:crypto";
import { Action, PrivateKey, PublicKey, Serializer, Transaction } from "@wharfkit/antelope";
import { z } from "zod";
import { BOOT_ABI, bootContract } from "../../chain/boot-contract";
import type { Native } from "./native";

/** A producer of the schedule, and the key that it signs blocks with. */
export interface Scheduled {
  account: string;
  publicKey: string;
  /** Of further hosts that may sign for it, each alone. Default none. */
  others?: readonly string[];
}

interface Boot {
  /** The host that produces alone, as the genesis says. */
  native: Native;
  /** Private half of the key that the genesis names: it owns the account `eosio`. */
  key: string;
  schedule: readonly Scheduled[];
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
}

/** The first feature of all: it alone is activated without a contract. */
const PREACTIVATE = "0ec7e080177b2c02b278d5088611686b49d739925a92d9bfcacd7fc6b74053bd";

/**
 * Gives a chain that was just born a schedule of several producers: features, the boot contract, accounts, `setprods`. Done
 * again it changes nothing. Ends when the schedule is in force.
 */
export async function bootChain(boot: Boot): Promise<void> {
  const { native, until, schedule } = boot;
  if (await isInForce(boot)) return;
  const activated = await features(native);
  if (!activated.has(PREACTIVATE)) {
    await native.control("schedule_protocol_feature_activations", {
      protocol_features_to_activate: [PREACTIVATE],
    });
    await until("features can be activated", async () => (await features(native)).has(PREACTIVATE));
    await push(boot, setCode(await bootContract({ schedules: false })));
    await activateAll(boot);
  }
  const before = await scheduling(native);
  for (const each of schedule) if (!(await isThere(native, each.account))) before.push(newAccount(each));
  if (before.length > 0) await push(boot, ...before);
  await push(
    boot,
    action("setprods", {
      schedule: schedule.map(({ account, publicKey, others = [] }) => ({
        producer_name: account,
        authority: [
          "block_signing_authority_v0",
          // Any one of them will do.
          { threshold: 1, keys: [publicKey, ...others].map((key) => ({ key, weight: 1 })) },
        ],
      })),
    }),
  );
  await until("the schedule is in force", () => isInForce(boot));
}

/** Another schedule of a chain that has had one: its contract is there, and nodeos refuses it a second time. */
async function scheduling(native: Native): Promise<Action[]> {
  const code = await bootContract({ schedules: true });
  const { code_hash } = z
    .object({ code_hash: z.string() })
    .parse(await native.chain("get_code_hash", { account_name: "eosio" }));
  return createHash("sha256").update(code).digest("hex") === code_hash ? [] : [setCode(code)];
}

const isThere = (native: Native, account: string): Promise<boolean> =>
  native.chain("get_account", { account_name: account }).then(
    () => true,
    () => false,
  );

async function isInForce({ native, schedule }: Boot): Promise<boolean> {
  const answer = await native.chain("get_producer_schedule", {});
  const { producers } = active.parse(answer).active;
  return (
    schedule.length === producers.length &&
    schedule.every(({ account, publicKey, others = [] }) => {
      const found = producers.find(({ producer_name }) => producer_name === account);
      const keys = found?.authority[1].keys.map(({ key }) => PublicKey.from(key).toString()) ?? [];
      const wanted = [publicKey, ...others].map((key) => PublicKey.from(key).toString());
      return keys.length === wanted.length && wanted.every((key) => keys.includes(key));
    })
  );
}

const active = z.object({
  active: z.object({
    producers: z.array(
      z.object({
        producer_name: z.string(),
        authority: z.tuple([z.unknown(), z.object({ keys: z.array(z.object({ key: z.string() })) })]),
      }),
    ),
  }),
});

const feature = z.object({
  feature_digest: z.string(),
  dependencies: z.array(z.string()),
});

async function features(native: Native): Promise<Set<string>> {
  const answer = await native.chain("get_activated_protocol_features", { limit: 100 });
  const { activated_protocol_features: list } = z
    .object({ activated_protocol_features: z.array(z.object({ feature_digest: z.string() })) })
    .parse(answer);
  return new Set(list.map(({ feature_digest }) => feature_digest));
}

/** All that nodeos knows, each after those that it depends on. */
async function activateAll(boot: Boot): Promise<void> {
  const { native, until } = boot;
  const known = z.array(feature).parse(
    await native.control("get_supported_protocol_features", {
      exclude_disabled: true,
      exclude_unactivatable: true,
    }),
  );
  const before = await features(native);
  const waiting = known.filter(({ feature_digest }) => !before.has(feature_digest));
  const ordered: string[] = [];
  const isReady = (digest: string) => before.has(digest) || ordered.includes(digest);
  while (ordered.length < waiting.length) {
    const next = waiting.find(
      ({ feature_digest, dependencies }) => !ordered.includes(feature_digest) && dependencies.every(isReady),
    );
    if (!next) throw new Error("features depend on one another in a circle");
    ordered.push(next.feature_digest);
  }
  await push(boot, ...ordered.map((feature_digest) => action("activate", { feature_digest })));
  await until("all features are active", async () => {
    const now = await features(native);
    return ordered.every((digest) => now.has(digest));
  });
}

const OWNER = [{ actor: "eosio", permission: "active" }];

const action = (name: string, data: object): Action =>
  Action.from({ account: "eosio", name, authorization: OWNER, data }, BOOT_ABI);

const setCode = (code: Uint8Array): Action =>
  action("setcode", { account: "eosio", vmtype: 0, vmversion: 0, code: Buffer.from(code).toString("hex") });

function newAccount({ account, publicKey }: Scheduled): Action {
  const authority = { threshold: 1, keys: [{ key: publicKey, weight: 1 }], accounts: [], waits: [] };
  return action("newaccount", { creator: "eosio", name: account, owner: authority, active: authority });
}

/** How nodeos refuses what a busy machine had no time for within a block: the same may be asked again. */
const NO_TIME = /deadline_exception|cpu_usage_exceeded|took too long|too long/i;
const TRIES = 20;

/** One transaction, and waits until a block holds it. */
async function push({ native, key, until }: Boot, ...actions: Action[]): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      await pushOnce(native, key, actions);
      break;
    } catch (error) {
      if (left === 0 || !(error instanceof Error && NO_TIME.test(error.message))) throw error;
    }
    const { head: tried } = await native.info();
    await until("the next block is made", async () => (await native.info()).head > tried);
  }
  const { head } = await native.info();
  await until("the transaction is in a block", async () => (await native.info()).head > head + 1);
}

async function pushOnce(native: Native, key: string, actions: Action[]): Promise<void> {
  const { chainId, headId, head, headTime } = await native.info();
  const transaction = Transaction.from({
    expiration: new Date(Date.parse(`${headTime}Z`) + 60_000).toISOString().slice(0, 19),
    ref_block_num: head & 0xffff,
    ref_block_prefix: Buffer.from(headId, "hex").readUInt32LE(8),
    max_net_usage_words: 0,
    max_cpu_usage_ms: 0,
    delay_sec: 0,
    context_free_actions: [],
    actions,
    transaction_extensions: [],
  });
  const signature = PrivateKey.from(key).signDigest(transaction.signingDigest(chainId));
  await native.chain("push_transaction", {
    signatures: [String(signature)],
    compression: 0,
    packed_context_free_data: "",
    packed_trx: Serializer.encode({ object: transaction }).hexString,
  });
}

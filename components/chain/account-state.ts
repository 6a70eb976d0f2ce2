import { z } from "zod";
import { parseAsset } from "../core/chain/asset";
import { authority } from "../core/chain/authority";
import type { AccountState } from "../core/chain/chain-state";
import { type NodeApi, NodeError } from "./node-api";

/** Numbers beyond 53 bits come as text. */
const number = z.union([z.number(), z.string()]).transform(Number);
const link = z.object({ account: z.string(), action: z.string().nullish() });
const account = z.object({
  ram_quota: number,
  ram_usage: number,
  cpu_limit: z.object({ available: number }),
  net_limit: z.object({ available: number }),
  total_resources: z.object({ cpu_weight: z.string(), net_weight: z.string() }).nullish(),
  permissions: z.array(
    z.object({
      perm_name: z.string(),
      required_auth: z.object({
        threshold: z.number(),
        keys: z.array(z.object({ key: z.string(), weight: z.number() })),
        accounts: z.array(
          z.object({
            permission: z.object({ actor: z.string(), permission: z.string() }),
            weight: z.number(),
          }),
        ),
      }),
      linked_actions: z.array(link).default([]),
    }),
  ),
});
const hashes = z.object({ code_hash: z.string(), abi_hash: z.string() });

/** What stands for "no code". */
const NONE = "0".repeat(64);
/** sha256 of nothing. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** An account as a node knows it; undefined where there is none. */
export async function accountState(node: NodeApi, name: string): Promise<AccountState | undefined> {
  const answer = await unlessUnknown(node.chain("get_account", { account_name: name }));
  if (answer === undefined) return undefined;
  const found = account.parse(answer);
  const { code_hash, abi_hash } = hashes.parse(await node.chain("get_raw_abi", { account_name: name }));
  const units = (text: string | undefined) => (text === undefined ? 0n : parseAsset(text).units);
  const { ram_quota: quota, cpu_limit: cpu, net_limit: net, total_resources: staked } = found;
  return {
    permissions: Object.fromEntries(
      found.permissions.map(({ perm_name, required_auth: { threshold, keys, accounts } }) => [
        perm_name,
        authority(
          threshold,
          keys.map(({ key, weight }) => ({ of: key, weight })),
          accounts.map(({ permission, weight }) => ({
            of: `${permission.actor}@${permission.permission}`,
            weight,
          })),
        ),
      ]),
    ),
    links: found.permissions.flatMap(({ linked_actions }) =>
      linked_actions.map((each) => `${each.account}:${each.action ?? ""}`),
    ),
    // -1: without limit.
    ram: { used: found.ram_usage, ...(quota < 0 ? {} : { quota }) },
    left: {
      ...(cpu.available < 0 ? {} : { cpu: cpu.available }),
      ...(net.available < 0 ? {} : { net: net.available }),
    },
    staked: { cpu: units(staked?.cpu_weight), net: units(staked?.net_weight) },
    ...(code_hash === NONE ? {} : { code: code_hash }),
    ...(abi_hash === NONE || abi_hash === EMPTY ? {} : { abi: abi_hash }),
  };
}

/** nodeos says of an account that it cannot find: account_query_exception, before version 3 unknown_key_exception. */
async function unlessUnknown(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (cause) {
    if (
      cause instanceof NodeError &&
      /unknown key|unknown_key|account_query/.test(`${cause.exception} ${cause.message}`)
    )
      return undefined;
    throw cause;
  }
}

/** Which of these names are no accounts. `known`: names that were found before, added to. */
export async function unknownAccounts(
  node: NodeApi,
  names: readonly string[],
  known: Set<string>,
): Promise<string[]> {
  const unknown: string[] = [];
  const waiting = names.filter((name) => !known.has(name));
  const ask = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const found = await unlessUnknown(node.chain("get_code_hash", { account_name: name }));
      if (found === undefined) unknown.push(name);
      else known.add(name);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return unknown.toSorted();
}

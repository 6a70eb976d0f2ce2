import { z } from "zod";
import { parseAsset } from "../core/chain/asset";
import { normalKey } from "../core/chain/authority";
import type { ChainState, Feature, ScheduledProducer, TokenState } from "../core/chain/chain-state";
import type { DeclaredChain } from "../core/chain/declared-chain";
import { distributionSteps } from "../core/chain/steps/distribution";
import { tokenKey } from "../core/chain/steps/tokens";
import { accountState, unknownAccounts } from "./account-state";
import { evmState } from "./evm-state";
import type { NodeApi } from "./node-api";

/** What is asked with: keys that can sign here, if anybody is to, and accounts that an earlier look has found (added to). */
export interface Look {
  node: NodeApi;
  keys?: readonly string[];
  found: Set<string>;
}

const specification = z.array(z.object({ name: z.string(), value: z.string() }));
const feature = z.object({
  feature_digest: z.string(),
  dependencies: z.array(z.string()).default([]),
  specification,
});
const codename = (of: z.infer<typeof specification>): string =>
  of.find(({ name }) => name === "builtin_feature_codename")?.value ?? "";

/** Reads the chain as far as the declared state asks. Pushes nothing. */
export async function readState(declared: DeclaredChain, look: Look): Promise<ChainState> {
  const { node, keys } = look;
  const { chainId } = await node.info();
  const names = accountsOf(declared);
  const found = await Promise.all(names.map(async (name) => [name, await accountState(node, name)] as const));
  const accounts = Object.fromEntries(found.flatMap(([name, state]) => (state ? [[name, state]] : [])));
  const has = (name: string) => accounts[name]?.code !== undefined;
  const known = node.hasControl ? await knownFeatures(node) : undefined;
  const market = has("eosio") ? await ramMarket(node) : undefined;
  const evm = declared.evm && has(declared.evm.account) ? await evmState(node, declared.evm) : undefined;
  const state: ChainState = {
    chainId,
    ...(known ? { known } : {}),
    active: await activeFeatures(node),
    accounts,
    tokens: await tokensOf(declared, node, has),
    balances: await balancesOf(declared, node, has),
    ...(market ? { market } : {}),
    ...(evm ? { evm } : {}),
    schedule: await scheduleOf(node),
    ...(keys ? { keys: [...keys] } : {}),
    strangers: [],
  };
  return { ...state, strangers: await strangersOf(declared, state, look) };
}

/** Every account that the declared state speaks of, recipients of the distribution aside. */
function accountsOf({ accounts, tokens, evm, distribution, proposals, schedule }: DeclaredChain): string[] {
  const names = [
    "eosio",
    ...Object.entries(accounts).flatMap(([name, { creator }]) => [name, creator]),
    ...tokens.flatMap(({ contract, issuer }) => [contract, issuer]),
    ...(evm ? [evm.account, evm.token, ...evm.opens, ...(evm.deposit ? [evm.deposit.from] : [])] : []),
    ...(distribution ? [distribution.from, distribution.token] : []),
    ...schedule.map(({ producer }) => producer),
    ...Object.values(proposals).flatMap(({ proposer, contract }) => [proposer.split("@")[0] ?? "", contract]),
  ];
  return [...new Set(names)].toSorted();
}

async function knownFeatures(node: NodeApi): Promise<Feature[]> {
  const answer = await node.control("get_supported_protocol_features", {
    exclude_disabled: true,
    exclude_unactivatable: true,
  });
  return z
    .array(feature)
    .parse(answer)
    .map((each) => ({
      name: codename(each.specification),
      digest: each.feature_digest,
      dependencies: each.dependencies,
    }));
}

/** Names of the features that are active. nodeos gives them by pages. */
export async function activeFeatures(node: NodeApi): Promise<string[]> {
  const page = z.object({ activated_protocol_features: z.array(feature), more: z.number().optional() });
  const names: string[] = [];
  for (let lower_bound: number | undefined = 0; lower_bound !== undefined; ) {
    const answer: unknown = await node.chain("get_activated_protocol_features", { lower_bound, limit: 100 });
    const { activated_protocol_features: list, more } = page.parse(answer);
    names.push(...list.map((each) => codename(each.specification)));
    lower_bound = more;
  }
  return names;
}

/** Balances of the system contract's market for RAM; undefined where the contract has none. */
async function ramMarket(node: NodeApi): Promise<ChainState["market"]> {
  const connector = z.object({ balance: z.string() });
  const table = { json: true, code: "eosio", scope: "eosio", table: "rammarket", limit: 1 };
  const answer = await node.chain("get_table_rows", table).catch(() => ({ rows: [] }));
  const { rows } = z.object({ rows: z.array(z.object({ base: connector, quote: connector })) }).parse(answer);
  const [row] = rows;
  if (!row) return undefined;
  return { ram: parseAsset(row.base.balance).units, core: parseAsset(row.quote.balance).units };
}

async function tokensOf(
  { tokens }: DeclaredChain,
  node: NodeApi,
  has: (name: string) => boolean,
): Promise<Record<string, TokenState>> {
  const stats = z.record(
    z.string(),
    z.object({ supply: z.string(), max_supply: z.string(), issuer: z.string() }),
  );
  const found: Record<string, TokenState> = {};
  for (const { contract, maximum } of tokens) {
    const { code } = parseAsset(maximum);
    if (!has(contract)) continue;
    const stat = stats.parse(await node.chain("get_currency_stats", { code: contract, symbol: code }))[code];
    if (stat)
      found[tokenKey(contract, maximum)] = {
        supply: stat.supply,
        maximum: stat.max_supply,
        issuer: stat.issuer,
      };
  }
  return found;
}

/** What those hold who pay for something declared. */
async function balancesOf(
  { accounts, evm, distribution, budget, tokens }: DeclaredChain,
  node: NodeApi,
  has: (name: string) => boolean,
): Promise<Record<string, string>> {
  const core = budget ?? tokens[0]?.maximum;
  const payers: [contract: string, account: string, amount: string][] = [
    ...(evm?.deposit ? [[evm.token, evm.deposit.from, evm.deposit.amount] as [string, string, string]] : []),
    ...(distribution
      ? [[distribution.token, distribution.from, distribution.total] as [string, string, string]]
      : []),
    ...(core === undefined
      ? []
      : Object.values(accounts).map(({ creator }): [string, string, string] => [
          "eosio.token",
          creator,
          core,
        ])),
  ];
  const balances: Record<string, string> = {};
  for (const [contract, account, amount] of payers) {
    const key = `${contract}/${account}`;
    if (key in balances || !has(contract)) continue;
    const asked = { code: contract, account, symbol: parseAsset(amount).code };
    const [balance] = z.array(z.string()).parse(await node.chain("get_currency_balance", asked));
    if (balance !== undefined) balances[key] = balance;
  }
  return balances;
}

const producers = z.object({
  producers: z.array(
    z.object({
      producer_name: z.string(),
      authority: z.tuple([z.unknown(), z.object({ keys: z.array(z.object({ key: z.string() })) })]),
    }),
  ),
});
const schedules = z.object({
  active: producers,
  pending: producers.nullish(),
  proposed: producers.nullish(),
});

/** The schedule that was proposed last, in force or not. */
async function scheduleOf(node: NodeApi): Promise<ScheduledProducer[]> {
  const { active, pending, proposed } = schedules.parse(await node.chain("get_producer_schedule"));
  const last = [proposed, pending].find((each) => each && each.producers.length > 0) ?? active;
  return last.producers.map(({ producer_name, authority: [, { keys }] }) => ({
    producer: producer_name,
    key: normalKey(keys[0]?.key ?? ""),
  }));
}

/** Names of the producers in force, in order. */
export async function producersOf(node: NodeApi): Promise<string[]> {
  const { active } = schedules.parse(await node.chain("get_producer_schedule"));
  return active.producers.map(({ producer_name }) => producer_name);
}

/** Recipients who are no accounts. Asked only while there is something left to transfer. */
async function strangersOf(
  declared: DeclaredChain,
  state: ChainState,
  { node, found }: Look,
): Promise<string[]> {
  if (distributionSteps(declared, state).length === 0) return [];
  const names = declared.transfers.map(({ to }) => to).filter((name) => !(name in declared.accounts));
  return unknownAccounts(node, names, found);
}

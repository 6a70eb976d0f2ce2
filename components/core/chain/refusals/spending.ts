import { error, type Finding } from "../../config/finding";
import { assetText, missingOf, parseAsset } from "../asset";
import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import type { ChainStep } from "../step";

/** The system contract keeps half a percent of what is paid for RAM (eosio.system, delegate_bandwidth.cpp). */
const RAM_FEE = [200n, 199n] as const;

/** What bytes cost: Bancor's price at the market's balances, and the fee. Units of the system's token. */
export function ramPrice(bytes: number, { ram, core }: NonNullable<ChainState["market"]>): bigint {
  const wanted = BigInt(bytes);
  if (wanted >= ram) return core * 1_000_000n;
  const price = (core * wanted) / (ram - wanted) + 1n;
  return (price * RAM_FEE[0]) / RAM_FEE[1] + 1n;
}

interface Spending {
  /** `contract/account`. */
  of: string;
  amount: string;
}

function spent(steps: readonly ChainStep[], state: ChainState, sample: string | undefined): Spending[] {
  const core = sample === undefined ? undefined : parseAsset(sample);
  return steps.flatMap(({ actions }) =>
    actions.flatMap(({ account, name, actor, data }): Spending[] => {
      if (name === "transfer") return [{ of: `${account}/${actor}`, amount: String(data.quantity) }];
      if (name === "delegatebw")
        return [data.stake_net_quantity, data.stake_cpu_quantity].map((amount) => ({
          of: `eosio.token/${actor}`,
          amount: String(amount),
        }));
      if (name !== "buyrambytes" || !state.market || !core) return [];
      const units = ramPrice(Number(data.bytes), state.market);
      return [{ of: `eosio.token/${actor}`, amount: assetText({ ...core, units }) }];
    }),
  );
}

const isPurchase = ({ actions }: ChainStep): boolean =>
  actions.some(({ name }) => name === "buyrambytes" || name === "delegatebw");

const added = (amounts: readonly string[]): string => {
  const assets = amounts.map(parseAsset);
  return assetText({
    precision: 0,
    code: "",
    ...assets[0],
    units: assets.reduce((sum, { units }) => sum + units, 0n),
  });
};

/** Tokens that are missing for transfers and purchases, and purchases beyond the budget. */
export function spendingRefusals(
  declared: DeclaredChain,
  state: ChainState,
  steps: readonly ChainStep[],
): Finding[] {
  const sample = declared.budget ?? declared.tokens[0]?.maximum;
  const purchases = spent(steps.filter(isPurchase), state, sample).map(({ amount }) => amount);
  const cost = purchases.length > 0 ? added(purchases) : undefined;
  const over =
    declared.budget !== undefined && cost !== undefined ? missingOf(cost, declared.budget) : undefined;
  const all = spent(steps, state, sample);
  // What this very run issues is not there yet, and comes before it is spent.
  const issued = new Set(
    steps.flatMap(({ actions }) =>
      actions.flatMap(({ account, name, actor }) => (name === "issue" ? [`${account}/${actor}`] : [])),
    ),
  );
  return [
    ...(over === undefined
      ? []
      : [
          error(
            "chain.budget",
            `RAM, CPU and NET come to ${cost}, ${over} more than the budget: raise it, or ask for less`,
          ),
        ]),
    ...[...new Set(all.map(({ of }) => of))].flatMap((of) => {
      const wanted = added(all.flatMap((each) => (each.of === of ? [each.amount] : [])));
      const missing = issued.has(of) ? undefined : missingOf(wanted, state.balances[of] ?? noneOf(wanted));
      if (missing === undefined || state.chainId === undefined) return [];
      const [contract, account] = of.split("/");
      return [
        error(
          `chain`,
          `${account} lacks ${missing} on ${contract} for what is to be paid (${wanted}): transfer it there first`,
        ),
      ];
    }),
  ];
}

const noneOf = (wanted: string): string => assetText({ ...parseAsset(wanted), units: 0n });

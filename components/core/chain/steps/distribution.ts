import { assetText, parseAsset } from "../asset";
import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import type { Transfer } from "../distribution-file";
import { isMarked, marker, markerName } from "../marker";
import type { ChainStep } from "../step";

/** Lines of the file that no transaction has carried yet, a transaction a batch, each with its mark. */
export function distributionSteps(
  { distribution, transfers }: DeclaredChain,
  state: ChainState,
): ChainStep[] {
  if (!distribution) return [];
  const { from, token, memo, batch } = distribution;
  const account = state.accounts[from];
  const count = Math.ceil(transfers.length / batch);
  return Array.from({ length: count }, (_, index) =>
    transfers.slice(index * batch, (index + 1) * batch),
  ).flatMap((lines, index) => {
    const mark = markerName([distribution.sha256, token, from, batch, index]);
    if (isMarked(account, token, mark)) return [];
    const step: ChainStep = {
      stage: "distribution",
      title: `transfer ${sumOf(lines)} from ${from} to ${lines.length} accounts, ${lines[0]?.to} … ${lines.at(-1)?.to} (${index + 1} of ${count})`,
      actions: [
        ...lines.map(({ to, amount }) => ({
          account: token,
          name: "transfer",
          actor: from,
          data: { from, to, quantity: amount, memo },
        })),
        marker(from, token, mark),
      ],
    };
    return [step];
  });
}

export function sumOf(lines: readonly Transfer[]): string {
  const amounts = lines.map(({ amount }) => parseAsset(amount));
  const units = amounts.reduce((sum, each) => sum + each.units, 0n);
  return assetText({ precision: 0, code: "", ...amounts[0], units });
}

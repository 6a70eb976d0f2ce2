import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import { isMarked, marker, markerName } from "../marker";
import type { ChainStep } from "../step";

/** The EVM's `init`, its first deposit, and the accounts that may send transactions. */
export function evmSteps({ evm }: DeclaredChain, state: ChainState): ChainStep[] {
  if (!evm) return [];
  const { account, chainId, gasPrice, minerCut, ingressFee, token, deposit, opens } = evm;
  const init: ChainStep = {
    stage: "evm",
    title: `start the EVM on ${account}: chain ${chainId}, gas ${gasPrice} wei, miner's cut ${minerCut / 1000} %, ingress ${ingressFee} of ${token}`,
    actions: [
      {
        account,
        name: "init",
        actor: account,
        data: {
          chainid: chainId,
          fee_params: { gas_price: gasPrice, miner_cut: minerCut, ingress_bridge_fee: ingressFee },
          token_contract: token,
        },
      },
    ],
  };
  const mark = markerName(["deposit", account, deposit?.amount]);
  const isPaid = deposit === undefined || isMarked(state.accounts[deposit.from], token, mark);
  return [
    ...(state.evm ? [] : [init]),
    ...(isPaid
      ? []
      : [
          {
            stage: "evm" as const,
            title: `transfer ${deposit.amount} from ${deposit.from} to ${account}, for the contract itself`,
            actions: [
              {
                account: token,
                name: "transfer",
                actor: deposit.from,
                data: { from: deposit.from, to: account, quantity: deposit.amount, memo: account },
              },
              marker(deposit.from, token, mark),
            ],
          },
        ]),
    ...opens
      .filter((owner) => !state.evm?.open.includes(owner))
      .map(
        (owner): ChainStep => ({
          stage: "evm",
          title: `open a balance for ${owner} on ${account}`,
          actions: [{ account, name: "open", actor: owner, data: { owner } }],
        }),
      ),
  ];
}

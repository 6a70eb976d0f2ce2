import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import { isMarked, marker, markerName } from "../marker";
import type { ChainStep } from "../step";

type Evm = NonNullable<DeclaredChain["evm"]>;

/** What `init` sets where nothing is declared: upstream's own (eos-evm docs, local test plan). */
const GAS_PRICE = 150_000_000_000;
const MINER_CUT = 10_000;

/** Fees of an EVM that has begun, as far as they are declared and differ. What is left out keeps its value. */
function feeSteps({ account, gasPrice, minerCut, ingressFee }: Evm, { evm }: ChainState): ChainStep[] {
  if (!evm) return [];
  const differs = <Value>(wanted: Value | undefined, has: Value): Value | null =>
    wanted === undefined || wanted === has ? null : wanted;
  const fee_params = {
    gas_price: differs(gasPrice, evm.gasPrice),
    miner_cut: differs(minerCut, evm.minerCut),
    ingress_bridge_fee: differs(ingressFee, evm.ingressFee),
  };
  const told = [
    ...(fee_params.gas_price === null ? [] : [`gas ${evm.gasPrice} → ${fee_params.gas_price} wei`]),
    ...(fee_params.miner_cut === null
      ? []
      : [`miner's cut ${evm.minerCut / 1000} → ${fee_params.miner_cut / 1000} %`]),
    ...(fee_params.ingress_bridge_fee === null
      ? []
      : [`ingress ${evm.ingressFee} → ${fee_params.ingress_bridge_fee}`]),
  ];
  if (told.length === 0) return [];
  return [
    {
      stage: "evm",
      title: `change the fees of the EVM on ${account}: ${told.join(", ")}`,
      actions: [{ account, name: "setfeeparams", actor: account, data: { fee_params } }],
    },
  ];
}

/** The EVM's `init` and fees, its first deposit, and the accounts that may send transactions. */
export function evmSteps({ evm }: DeclaredChain, state: ChainState): ChainStep[] {
  if (!evm) return [];
  const { account, chainId, ingressFee, token, deposit, opens } = evm;
  const { gasPrice = GAS_PRICE, minerCut = MINER_CUT } = evm;
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
    ...(state.evm ? feeSteps(evm, state) : [init]),
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

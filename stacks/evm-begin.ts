import { accountState } from "../components/chain/account-state";
import { evmState } from "../components/chain/evm-state";
import { type NodeApi, nodeApi } from "../components/chain/node-api";
import { chainIdRefusal } from "../components/core/chain/refusals";
import type { ChainSection } from "../components/core/config/chain";
import { error, type Finding, printFindings, UserError } from "../components/core/config/finding";
import { type EvmBegin, lacksGenesis } from "../components/core/networks/evm-gaps";
import type { ChainNetwork } from "../components/core/networks/network";

/** Milliseconds that a node may be behind and still be believed where it shows no EVM. */
const FRESH_MS = 600_000;

/**
 * How the EVM of a section began, by its chain. Undefined where it did not yet. Throws a `UserError` where the node is of
 * another chain, or cannot tell and nothing else does: hosts that serve the EVM already would lose it.
 */
export async function evmBeginOf(
  section: ChainSection,
  network: ChainNetwork,
): Promise<EvmBegin | undefined> {
  const { evm, endpoint } = section;
  if (!evm) return undefined;
  const node = nodeApi(section);
  const { chainId, headTime } = await node.info();
  const wanted = section.chainId ?? network.native.chainId;
  const wrong = chainIdRefusal(
    { endpoint, ...(wanted === undefined ? {} : { chainId: wanted }) },
    { chainId },
  );
  if (wrong) refuse(endpoint, wrong);
  // Before the EVM is looked at: what began by then can be told.
  const settled = await irreversibleTime(node);
  const hasCode = (await accountState(node, evm.account))?.code !== undefined;
  const state = hasCode ? await evmState(node, { ...evm, opens: [] }) : undefined;
  if (state?.genesis || !lacksGenesis(network) || evm.genesis) return state?.genesis;
  const behind = Date.now() - Date.parse(`${headTime}Z`);
  if (!state && behind > FRESH_MS)
    refuse(
      endpoint,
      error(
        "chain.endpoint",
        `its newest block is of ${headTime}: it cannot tell whether the EVM has begun. Wait until it is in sync, or take another`,
      ),
    );
  if (state && Date.parse(state.genesisTime) <= settled)
    refuse(
      endpoint,
      error(
        "network.evm.genesis",
        `is missing: the EVM began at ${state.genesisTime}, and this node has no blocks from then. Take the output chain.genesis of an earlier up, or a node with the whole block log as chain.endpoint`,
      ),
    );
  return undefined;
}

function refuse(endpoint: string, finding: Finding): never {
  throw new UserError(printFindings(`chain at ${endpoint}`, [finding]));
}

/** Of a block that is not irreversible yet nobody starts. */
async function irreversibleTime(node: NodeApi): Promise<number> {
  const { lib } = await node.info();
  const { timestamp } = (await node.chain("get_block_info", { block_num: lib })) as { timestamp: string };
  return Date.parse(`${timestamp}Z`);
}

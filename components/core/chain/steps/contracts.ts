import type { ContractChoice } from "../../config/chain";
import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import type { ChainAction, ChainStep, FileValue, Stage } from "../step";

/** Code and ABI of an account in one transaction, as far as they are not there. */
export function contractStep(
  stage: Stage,
  account: string,
  choice: ContractChoice,
  declared: DeclaredChain,
  state: ChainState,
): ChainStep[] {
  const found = state.accounts[account];
  const packed = declared.files[choice.wasm]?.abi.packedSha256;
  const wasm: FileValue = { file: choice.wasm, sha256: choice.sha256, as: "wasm" };
  const abi: FileValue = { file: choice.abi, sha256: choice.abiSha256, as: "abi" };
  const action = (name: string, data: Record<string, unknown>): ChainAction => ({
    account: "eosio",
    name,
    actor: account,
    data: { account, ...data },
  });
  const actions = [
    ...(found?.code === choice.sha256 ? [] : [action("setcode", { vmtype: 0, vmversion: 0, code: wasm })]),
    ...(found?.abi !== undefined && found.abi === packed ? [] : [action("setabi", { abi })]),
  ];
  if (actions.length === 0) return [];
  const instead = found?.code === undefined ? "" : `, in place of ${found.code.slice(0, 8)}…`;
  const what = actions.length === 2 ? "contract" : actions[0]?.name === "setabi" ? "ABI of" : "code of";
  return [
    {
      stage,
      title: `deploy to ${account} the ${what} ${choice.wasm} (${choice.sha256.slice(0, 8)}…)${instead}`,
      actions,
    },
  ];
}

/** Of the system's account first: its contract may be what others need. `before`: what is deployed there until then. */
export function systemSteps(
  declared: DeclaredChain,
  state: ChainState,
  before?: ContractChoice,
): ChainStep[] {
  const contract = declared.accounts.eosio?.contract;
  if (!contract) return [];
  const eosio = before && state.accounts.eosio;
  const abi = before && declared.files[before.wasm]?.abi.packedSha256;
  const then = eosio
    ? { ...eosio, code: before.sha256, ...(abi === undefined ? {} : { abi }) }
    : state.accounts.eosio;
  return contractStep("system", "eosio", contract, declared, {
    ...state,
    accounts: { ...state.accounts, ...(then ? { eosio: then } : {}) },
  });
}

export const contractSteps = (declared: DeclaredChain, state: ChainState): ChainStep[] =>
  Object.entries(declared.accounts).flatMap(([name, { contract }]) =>
    contract && name !== "eosio" ? contractStep("contracts", name, contract, declared, state) : [],
  );

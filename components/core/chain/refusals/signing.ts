import { error, type Finding } from "../../config/finding";
import { authorityText, permissionsOf } from "../authority";
import type { Authority, ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import { type ChainStep, PERMISSION } from "../step";

/** Who acts in steps, without those whose actions are proposed to others. */
export function actorsOf({ proposals }: DeclaredChain, steps: readonly ChainStep[]): string[] {
  const actors = steps.flatMap(({ actions }) => actions.map(({ actor }) => actor));
  return [...new Set(actors.map((actor) => proposals[actor]?.proposer.split("@")[0] ?? actor))].toSorted();
}

/** The authority that will be asked: that of the chain, or the declared one of an account that is still to be made. */
const authorityFor = (actor: string, { accounts }: DeclaredChain, state: ChainState): Authority | undefined =>
  state.accounts[actor]?.permissions[PERMISSION] ??
  (accounts[actor] ? permissionsOf(actor, accounts[actor]).active : undefined);

/** Actors for whom the keys at hand do not reach the threshold. */
export function signingRefusals(
  declared: DeclaredChain,
  state: ChainState,
  steps: readonly ChainStep[],
): Finding[] {
  const { keys: held } = state;
  // What is still to be born has no permissions to look at.
  if (state.chainId === undefined || held === undefined) return [];
  const canSign = (name: string, depth: number): boolean => {
    const authority = authorityFor(name, declared, state);
    if (!authority || depth > 3) return false;
    const keys = authority.keys.filter(({ of }) => held.includes(of));
    const accounts = authority.accounts.filter(({ of }) => {
      const [actor = "", permission] = of.split("@");
      return permission === PERMISSION && canSign(actor, depth + 1);
    });
    return [...keys, ...accounts].reduce((sum, { weight }) => sum + weight, 0) >= authority.threshold;
  };
  return actorsOf(declared, steps)
    .filter((actor) => !canSign(actor, 0))
    .map((actor) => {
      const authority = authorityFor(actor, declared, state);
      return error(
        "chain.signers",
        authority
          ? `none signs for ${actor}@${PERMISSION}, which asks for ${authorityText(authority)}: give a signer with that key, or name ${actor} under chain.proposals`
          : `the account ${actor} must act and is not on the chain: declare it under chain.accounts`,
      );
    });
}

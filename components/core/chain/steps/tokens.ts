import { missingOf, parseAsset } from "../asset";
import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import { marker, markerName } from "../marker";
import type { ChainStep } from "../step";

export const tokenKey = (contract: string, amount: string): string =>
  `${contract}/${parseAsset(amount).code}`;

/** Tokens that are not there, and what is not issued of them. */
export const tokenSteps = ({ tokens }: DeclaredChain, state: ChainState): ChainStep[] =>
  tokens.flatMap(({ contract, issuer, maximum, issued }) => {
    const found = state.tokens[tokenKey(contract, maximum)];
    const supply = found?.supply;
    const missing =
      issued === undefined ? undefined : supply === undefined ? issued : missingOf(issued, supply);
    const create: ChainStep = {
      stage: "tokens",
      title: `create the token ${parseAsset(maximum).code} on ${contract}: at most ${maximum}, issued by ${issuer}`,
      actions: [
        { account: contract, name: "create", actor: contract, data: { issuer, maximum_supply: maximum } },
      ],
    };
    if (missing === undefined) return found ? [] : [create];
    const mark = markerName([
      "issue",
      contract,
      supply === undefined ? "0" : String(parseAsset(supply).units),
      missing,
    ]);
    const issue: ChainStep = {
      stage: "tokens",
      title: `issue ${missing} to ${issuer}`,
      actions: [
        {
          account: contract,
          name: "issue",
          actor: issuer,
          data: { to: issuer, quantity: missing, memo: "issued" },
        },
        marker(issuer, contract, mark),
      ],
    };
    return found ? [issue] : [create, issue];
  });

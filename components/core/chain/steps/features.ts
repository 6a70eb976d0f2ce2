import type { ContractChoice } from "../../config/chain";
import type { ChainState, Feature } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import type { ChainStep } from "../step";
import { contractStep } from "./contracts";

/** The first feature of all: it alone is activated without a contract, and all others after it. */
export const PREACTIVATE = "PREACTIVATE_FEATURE";

/** Names of the declared features and of those that they depend on, each after its own dependencies. */
export function orderedFeatures(names: readonly string[], known: readonly Feature[]): string[] {
  const ordered: string[] = [];
  const nameOf = (digest: string) => known.find((feature) => feature.digest === digest)?.name;
  const visit = (name: string, above: readonly string[]): void => {
    if (ordered.includes(name) || above.includes(name)) return;
    const feature = known.find((each) => each.name === name);
    for (const dependency of feature?.dependencies ?? []) {
      const needed = nameOf(dependency);
      if (needed !== undefined) visit(needed, [...above, name]);
    }
    ordered.push(name);
  };
  for (const name of names) visit(name, []);
  return ordered;
}

/** Features that the chain lacks, each after those that it needs. */
function missingFeatures({ features }: DeclaredChain, { known = [], active }: ChainState): string[] {
  const wanted = orderedFeatures(features.length > 0 ? [PREACTIVATE, ...features] : [], known);
  return wanted.filter((name) => !active.includes(name));
}

/** The contract that features are activated with, where the system's account has none that could. */
export const bootFor = (declared: DeclaredChain, state: ChainState): ContractChoice | undefined =>
  missingFeatures(declared, state).some((name) => name !== PREACTIVATE) &&
  state.accounts.eosio?.code === undefined
    ? declared.boot
    : undefined;

/** Features that the chain lacks. Digests are the node's own. */
export function featureSteps(declared: DeclaredChain, state: ChainState): ChainStep[] {
  const missing = missingFeatures(declared, state);
  const boot = bootFor(declared, state);
  const first: ChainStep = {
    stage: "features",
    title: `activate the protocol feature ${PREACTIVATE}, by the node's producer API`,
    actions: [],
    activates: digestOf(PREACTIVATE, state),
  };
  return [
    ...(missing.includes(PREACTIVATE) ? [first] : []),
    ...(boot ? contractStep("features", "eosio", boot, declared, state) : []),
    ...missing.filter((name) => name !== PREACTIVATE).map((name) => activation(name, state)),
  ];
}

const digestOf = (name: string, { known = [] }: ChainState): string =>
  known.find((feature) => feature.name === name)?.digest ?? "";

function activation(name: string, state: ChainState): ChainStep {
  const feature_digest = digestOf(name, state);
  const digest =
    feature_digest === "" ? "its digest is the node's to tell" : `${feature_digest.slice(0, 8)}…`;
  return {
    stage: "features",
    title: `activate the protocol feature ${name} (${digest})`,
    actions: [{ account: "eosio", name: "activate", actor: "eosio", data: { feature_digest } }],
  };
}

import type { ChainState } from "./chain-state";
import type { DeclaredChain } from "./declared-chain";
import type { ChainStep } from "./step";
import { accountSteps } from "./steps/accounts";
import { contractSteps, systemSteps } from "./steps/contracts";
import { distributionSteps } from "./steps/distribution";
import { evmSteps } from "./steps/evm";
import { bootFor, featureSteps } from "./steps/features";
import { scheduleSteps } from "./steps/schedule";
import { tokenSteps } from "./steps/tokens";

/** In the order of the stages. */
const PARTS = [
  featureSteps,
  (declared: DeclaredChain, state: ChainState) => systemSteps(declared, state, bootFor(declared, state)),
  accountSteps,
  contractSteps,
  tokenSteps,
  evmSteps,
  distributionSteps,
  scheduleSteps,
];

/** All that a chain lacks of its declared state, in order. Empty where it is reached. */
export const stepsFor = (declared: DeclaredChain, state: ChainState): ChainStep[] =>
  PARTS.flatMap((part) => part(declared, state));

import { loadDeclared } from "../components/chain/load-declared";
import { nodeApi, Unreachable } from "../components/chain/node-api";
import { readState } from "../components/chain/read-state";
import { openSigners } from "../components/chain/signer";
import { UNBORN } from "../components/core/chain/chain-state";
import type { DeclaredChain } from "../components/core/chain/declared-chain";
import { refusals } from "../components/core/chain/refusals";
import type { ChainStep } from "../components/core/chain/step";
import { stepsFor } from "../components/core/chain/steps-for";
import type { ChainSection } from "../components/core/config/chain";
import { hasErrors, printFindings, UserError } from "../components/core/config/finding";

/** A section with its files read and verified. Throws a `UserError` with all that is wrong with them. */
export function declaredChain(section: ChainSection, folder: string): DeclaredChain {
  const { declared, findings } = loadDeclared(section, folder);
  if (hasErrors(findings)) throw new UserError(printFindings("chain", findings));
  return declared;
}

interface Question {
  /** Whether the stack gives birth to the chain: before that nobody answers, and everything is missing. */
  isBorn: boolean;
  /** Whether those who must sign have to be at hand: a reviewer has no keys. */
  mustSign: boolean;
  /** The project's folder, from which the section names its files. */
  folder: string;
}

/** What the chain lacks now. Throws a `UserError` with all that speaks against bringing it up. Pushes nothing. */
export async function chainNow(
  section: ChainSection,
  { isBorn, mustSign, folder }: Question,
): Promise<{ steps: ChainStep[] }> {
  const declared = declaredChain(section, folder);
  const keys = mustSign ? (await openSigners(section.signers)).flatMap((signer) => signer.keys) : undefined;
  const look = { node: nodeApi(section), found: new Set<string>(), ...(keys ? { keys } : {}) };
  const state = await readState(declared, look).catch((cause: unknown) => {
    if (isBorn && cause instanceof Unreachable) return UNBORN;
    throw cause;
  });
  const steps = stepsFor(declared, state);
  const findings = refusals(declared, state, steps);
  if (findings.length > 0) throw new UserError(printFindings(`chain at ${section.endpoint}`, findings));
  return { steps };
}

/** Actions as a reviewer reads them. */
export const stepLines = (steps: readonly ChainStep[]): string[] =>
  steps.length === 0
    ? ["the chain is as declared: nothing to push"]
    : [`${steps.length} on-chain actions:`, ...steps.map(({ title }, index) => `${index + 1}. ${title}`)];

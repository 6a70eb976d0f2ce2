import type { ChainState } from "../core/chain/chain-state";
import type { DeclaredChain } from "../core/chain/declared-chain";
import { refusals } from "../core/chain/refusals";
import type { ChainStep } from "../core/chain/step";
import { stepsFor } from "../core/chain/steps-for";
import { printFindings, UserError } from "../core/config/finding";
import { NodeError } from "./node-api";
import type { Outcome } from "./outcome";
import { irreversible, until } from "./progress";
import { proposalFor, propose } from "./proposal";
import { activeFeatures, producersOf, readState } from "./read-state";
import { push, type Wallet } from "./transaction";

export interface BringUp extends Wallet {
  declared: DeclaredChain;
  /** Milliseconds that the chain may stand still. */
  patience: number;
  say(line: string): void;
}

/**
 * Brings a chain to its declared state, stage by stage: a stage is irreversible, and read back, before the next is planned.
 * The chain alone says what is missing, so a run that was killed is simply run again. Throws a `UserError` with all that
 * speaks against it, and then nothing was pushed.
 */
export async function bringUp(work: BringUp): Promise<Outcome> {
  const { node, patience, declared } = work;
  const found = new Set<string>();
  const keys = work.signers.flatMap((signer) => signer.keys);
  const look = () => examine(declared, () => readState(declared, { node, keys, found }));
  const first = await node.info();
  const early = await look();
  refuse(declared, early);
  const transactions: Outcome["transactions"] = [];
  if (early.steps.length > 0) {
    // What a run that was killed has sent may wait for its block still: nothing is missing for sure before it had one.
    work.say(`waiting for a block after ${first.head} to be irreversible`);
    await irreversible(node, first.head + 2, patience);
  }
  for (let before = "", tries = 0; ; ) {
    const { state, steps, findings } = await look();
    refuse(declared, { findings });
    const [next] = steps;
    if (!next) {
      await inForce(work);
      return outcome(state, transactions);
    }
    const titles = steps.map(({ title }) => title).join("\n");
    tries = titles === before ? tries + 1 : 0;
    if (tries === TRIES)
      throw new UserError(`pushed ${TRIES} times, and yet the chain lacks: ${next.title}. Run again`);
    before = titles;
    await pushStage(
      work,
      state,
      steps.filter(({ stage }) => stage === next.stage),
      transactions,
    );
  }
}

/** A producer that is short of time drops what a node before it has taken, and tells nobody: it is pushed anew. */
const TRIES = 4;

/** A schedule that was proposed is in force some blocks later. */
async function inForce({ node, declared: { schedule }, patience }: BringUp): Promise<void> {
  const wanted = schedule.map(({ producer }) => producer).join();
  if (wanted === "") return;
  await until("the schedule is in force", patience, async () => (await producersOf(node)).join() === wanted);
}

interface Examined {
  state: ChainState;
  steps: ChainStep[];
  findings: ReturnType<typeof refusals>;
}

async function examine(declared: DeclaredChain, read: () => Promise<ChainState>): Promise<Examined> {
  const state = await read();
  const steps = stepsFor(declared, state);
  return { state, steps, findings: refusals(declared, state, steps) };
}

function refuse({ endpoint }: DeclaredChain, { findings }: Pick<Examined, "findings">): void {
  if (findings.length > 0) throw new UserError(printFindings(`chain at ${endpoint}`, findings));
}

const outcome = ({ chainId = "", evm }: ChainState, transactions: Outcome["transactions"]): Outcome => ({
  chainId,
  transactions,
  ...(evm?.genesis ? { genesis: evm.genesis } : {}),
});

async function pushStage(
  work: BringUp,
  state: ChainState,
  steps: readonly ChainStep[],
  transactions: Outcome["transactions"],
): Promise<void> {
  const waits: string[] = [];
  for (const step of steps) {
    const done = await pushStep(work, state, step).catch((cause: unknown) => {
      // A node that makes no blocks itself knows nothing of the steps before this one until they are in a block.
      if (cause instanceof NodeError && step !== steps[0]) return undefined;
      throw new UserError(`${step.title}: ${cause instanceof Error ? cause.message : String(cause)}`);
    });
    if (!done) break;
    transactions.push({ title: step.title, ...(done.id === undefined ? {} : { id: done.id }) });
    work.say(
      `${done.waits === undefined ? "" : "proposed: "}${step.title}${done.id === undefined ? "" : ` ${done.id}`}`,
    );
    if (done.waits !== undefined) waits.push(done.waits);
  }
  const { head } = await work.node.info();
  // A feature is active one block after the one that asked for it.
  await irreversible(work.node, head + 2, work.patience);
  if (waits.length > 0)
    throw new UserError(
      ["proposed, and nothing more can be done before:", ...waits, "then run again"].join("\n  "),
    );
}

async function pushStep(
  work: BringUp,
  state: ChainState,
  step: ChainStep,
): Promise<{ id?: string; waits?: string }> {
  const { node, patience, declared } = work;
  if (step.activates !== undefined) {
    await node.control("schedule_protocol_feature_activations", {
      protocol_features_to_activate: [step.activates],
    });
    const before = state.active.length;
    await until("the feature is active", patience, async () => (await activeFeatures(node)).length > before);
    return {};
  }
  const choice = proposalFor(step, declared.proposals);
  return choice ? propose(work, step, choice, state) : { id: await push(work, step.actions) };
}

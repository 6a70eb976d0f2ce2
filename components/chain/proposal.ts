import { Serializer, Transaction } from "@wharfkit/antelope";
import { z } from "zod";
import { approvalText, isApproved } from "../core/chain/approval";
import type { ChainState } from "../core/chain/chain-state";
import { markerName } from "../core/chain/marker";
import type { ChainStep } from "../core/chain/step";
import type { ProposalChoice } from "../core/config/chain";
import type { NodeApi } from "./node-api";
import { encoded, push, type Wallet } from "./transaction";

const DAY_MS = 86_400_000;

/** What came of a step that is proposed. */
export interface Proposed {
  /** Of the transaction that was pushed now, if one was. */
  id?: string;
  /** What it waits for, for people. Absent where it was executed. */
  waits?: string;
}

/** Proposes a step, or executes it where it was proposed before and those who are asked have approved. */
export async function propose(
  wallet: Wallet,
  step: ChainStep,
  choice: ProposalChoice,
  state: ChainState,
): Promise<Proposed> {
  const { node } = wallet;
  const [proposer = "", contract] = [choice.proposer.split("@")[0], choice.contract];
  const actor = step.actions[0]?.actor ?? "";
  const proposal_name = markerName(["proposal", step.actions]);
  const found = await proposalOf(node, choice, proposal_name);
  const review = choice.review === undefined ? "" : ` ${choice.review}/${proposer}/${proposal_name}`;
  const told = (approvals: readonly string[]) =>
    `${proposer} ${proposal_name}: ${step.title} waits for ${approvalText(actor, state, approvals)}${review}`;
  if (found && found.expires > Date.parse(`${(await node.info()).headTime}Z`)) {
    if (!isApproved(actor, state, found.approvals)) return { waits: told(found.approvals) };
    const executes = {
      account: contract,
      name: "exec",
      actor: proposer,
      data: { proposer, proposal_name, executer: proposer },
    };
    return { id: await push(wallet, [executes]) };
  }
  const requested = choice.approvals.map((level) => {
    const [who, permission] = level.split("@");
    return { actor: who, permission };
  });
  const cancels = {
    account: contract,
    name: "cancel",
    actor: proposer,
    data: { proposer, proposal_name, canceler: proposer },
  };
  const trx = await proposedTransaction(wallet, step, choice);
  const proposes = {
    account: contract,
    name: "propose",
    actor: proposer,
    data: { proposer, proposal_name, requested, trx },
  };
  return { id: await push(wallet, [...(found ? [cancels] : []), proposes]), waits: told([]) };
}

async function proposedTransaction(
  wallet: Wallet,
  step: ChainStep,
  { days }: ProposalChoice,
): Promise<unknown> {
  const { headTime } = await wallet.node.info();
  const transaction = Transaction.from({
    expiration: new Date(Date.parse(`${headTime}Z`) + days * DAY_MS).toISOString().slice(0, 19),
    // Executed by the contract, which sets no store by a reference block.
    ref_block_num: 0,
    ref_block_prefix: 0,
    actions: await encoded(wallet, step.actions),
  });
  return JSON.parse(JSON.stringify(transaction)) as unknown;
}

const rowsOf = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });
const level = z.object({ actor: z.string(), permission: z.string() });
const approvals = z.object({ provided_approvals: z.array(z.object({ level })) });

async function proposalOf(node: NodeApi, { proposer, contract }: ProposalChoice, name: string) {
  const row = async (table: string) => {
    const asked = {
      ...{ json: true, code: contract, scope: proposer.split("@")[0], table, key_type: "name" },
      ...{ lower_bound: name, upper_bound: name, limit: 1 },
    };
    return rowsOf.parse(await node.chain("get_table_rows", asked)).rows[0];
  };
  const found = await row("proposal");
  if (!found) return undefined;
  const packed = Buffer.from(z.string().parse(found.packed_transaction), "hex");
  const { expiration } = Serializer.decode({ data: packed, type: Transaction });
  const given = await row("approvals2");
  return {
    expires: expiration.toMilliseconds(),
    approvals: given
      ? approvals
          .parse(given)
          .provided_approvals.map((each) => `${each.level.actor}@${each.level.permission}`)
      : [],
  };
}

/** Whether a step's actor has others asked. */
export const proposalFor = (
  step: ChainStep,
  proposals: Readonly<Record<string, ProposalChoice>>,
): ProposalChoice | undefined => proposals[step.actions[0]?.actor ?? ""];

import type { Authority, ChainState } from "./chain-state";
import { PERMISSION } from "./step";

const asked = (actor: string, state: ChainState): Authority | undefined =>
  state.accounts[actor]?.permissions[PERMISSION];

/** Whether the approvals that were given, `account@permission`, reach the threshold of an account's authority. */
export function isApproved(actor: string, state: ChainState, given: readonly string[]): boolean {
  const authority = asked(actor, state);
  return authority !== undefined && weightOf(authority, given) >= authority.threshold;
}

const weightOf = ({ accounts }: Authority, given: readonly string[]): number =>
  accounts.filter(({ of }) => given.includes(of)).reduce((sum, { weight }) => sum + weight, 0);

/** What is missing to the threshold, for people. */
export function approvalText(actor: string, state: ChainState, given: readonly string[]): string {
  const authority = asked(actor, state);
  if (!authority) return `the account ${actor}, which is not there`;
  const open = authority.accounts.map(({ of }) => of).filter((of) => !given.includes(of));
  const missing = Math.max(0, authority.threshold - weightOf(authority, given));
  return `approvals of the weight ${missing} from ${open.join(", ")}`;
}

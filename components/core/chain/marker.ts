import { sha256 } from "@noble/hashes/sha2";
import { utf8ToBytes } from "@noble/hashes/utils";
import type { AccountState } from "./chain-state";
import { type ChainAction, PERMISSION } from "./step";

const LETTERS = "abcdefghijklmnopqrstuvwxyz12345";

/** A name of 12 letters made from what it stands for: the same for the same. */
export function markerName(about: unknown): string {
  const digest = sha256(utf8ToBytes(JSON.stringify(about)));
  return Array.from(digest.slice(0, 12), (byte) => LETTERS[byte % LETTERS.length]).join("");
}

/**
 * What makes a transfer safe to repeat. It travels in the same transaction and links an action that does not exist to the
 * permission that acts anyway: no power is given, the chain refuses the same link a second time, and with it the whole
 * transaction; whoever looks later reads from the account which transfers were made.
 */
export const marker = (actor: string, contract: string, name: string): ChainAction => ({
  account: "eosio",
  name: "linkauth",
  actor,
  data: { account: actor, code: contract, type: name, requirement: PERMISSION },
});

export const isMarked = (account: AccountState | undefined, contract: string, name: string): boolean =>
  account?.links.includes(`${contract}:${name}`) ?? false;

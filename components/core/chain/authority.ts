import { PublicKey } from "@wharfkit/antelope";
import type { AuthorityChoice, ChainSection } from "../config/chain";
import type { Authority, Weighted } from "./chain-state";

/** A key in the one form that two of them can be compared in. Throws for what is none. */
export const normalKey = (key: string): string => PublicKey.from(key).toString();

const sorted = (weighted: Weighted<string>[]): Weighted<string>[] =>
  weighted.toSorted((one, other) => (one.of < other.of ? -1 : 1));

export const authority = (threshold: number, keys: Weighted<string>[], accounts: Weighted<string>[]) => ({
  threshold,
  keys: sorted(keys.map(({ of, weight }) => ({ of: normalKey(of), weight }))),
  accounts: sorted(accounts),
});

/** As it stands in a stack file; `code`: the account's own contract may act as well. */
export function authorityOf(choice: AuthorityChoice, codeOf?: string): Authority {
  const code = codeOf === undefined ? [] : [`${codeOf}@eosio.code`];
  if (typeof choice === "string")
    return authority(
      1,
      [{ of: choice, weight: 1 }],
      code.map((of) => ({ of, weight: 1 })),
    );
  return authority(
    choice.threshold,
    choice.keys.map(({ key, weight }) => ({ of: key, weight })),
    [
      ...choice.accounts.map(({ permission, weight }) => ({ of: permission, weight })),
      ...code.map((of) => ({ of, weight: choice.threshold })),
    ],
  );
}

/** The declared permissions of an account. */
export function permissionsOf(name: string, account: ChainSection["accounts"][string]) {
  return {
    owner: authorityOf(account.owner ?? account.active),
    active: authorityOf(account.active, account.code ? name : undefined),
  };
}

export const isSame = (one: Authority | undefined, other: Authority): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** As the chain's own actions take it. */
export const nativeAuthority = ({ threshold, keys, accounts }: Authority) => ({
  threshold,
  keys: keys.map(({ of, weight }) => ({ key: of, weight })),
  accounts: accounts.map(({ of, weight }) => {
    const [actor, permission] = of.split("@");
    return { permission: { actor, permission }, weight };
  }),
  waits: [],
});

export const authorityText = ({ threshold, keys, accounts }: Authority): string => {
  const parts = [...keys, ...accounts].map(({ of, weight }) => (weight === 1 ? of : `${of} ×${weight}`));
  return `${threshold === 1 ? "" : `${threshold} of `}${parts.join(", ")}`;
};

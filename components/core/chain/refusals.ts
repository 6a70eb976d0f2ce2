import { error, type Finding } from "../config/finding";
import { suggestion } from "../config/messages";
import { isSame, permissionsOf } from "./authority";
import type { ChainState } from "./chain-state";
import type { DeclaredChain } from "./declared-chain";
import { resourceRefusals } from "./refusals/resources";
import { signingRefusals } from "./refusals/signing";
import { spendingRefusals } from "./refusals/spending";
import type { ChainStep } from "./step";
import { orderedFeatures } from "./steps/features";
import { tokenKey } from "./steps/tokens";

/** Why a chain cannot be brought to its declared state, all at once. Nothing may be pushed where there is any. */
export function refusals(declared: DeclaredChain, state: ChainState, steps: readonly ChainStep[]): Finding[] {
  const wrong = chainIdRefusal(declared, state);
  // Of another chain nothing else is worth saying.
  if (wrong) return [wrong];
  return [
    ...featureRefusals(declared, state),
    ...accountRefusals(declared, state),
    ...nameRefusals(declared, state),
    ...tokenRefusals(declared, state),
    ...evmRefusals(declared, state),
    ...strangerRefusals(state),
    ...signingRefusals(declared, state, steps),
    ...resourceRefusals(declared, state, steps),
    ...spendingRefusals(declared, state, steps),
  ];
}

/** Of another chain than the one to touch. */
export function chainIdRefusal(
  { chainId, endpoint }: Pick<DeclaredChain, "chainId" | "endpoint">,
  state: Pick<ChainState, "chainId">,
): Finding | undefined {
  if (chainId === undefined || state.chainId === undefined || chainId === state.chainId) return undefined;
  return error(
    "chain.endpoint",
    `${endpoint} is a node of the chain ${state.chainId}, this stack is for ${chainId}: correct the endpoint, or chain.chainId`,
  );
}

function featureRefusals({ features }: DeclaredChain, { known, active, chainId }: ChainState): Finding[] {
  if (chainId === undefined) return [];
  const missing = features.filter((name) => !active.includes(name));
  if (missing.length === 0) return [];
  if (known === undefined)
    return [
      error(
        "chain.control",
        `is missing: ${missing.join(", ")} is not active, and only a node's producer API tells the digest. Give its URL, through a tunnel to loopback`,
      ),
    ];
  const names = known.map(({ name }) => name);
  return orderedFeatures(missing, known)
    .filter((name) => !names.includes(name))
    .map((name) =>
      error(
        "chain.features",
        `the node does not know ${name}.${suggestion(name, names)} Take it out, or run a nodeos that knows it`,
      ),
    );
}

const accountRefusals = ({ accounts }: DeclaredChain, state: ChainState): Finding[] =>
  Object.entries(accounts).flatMap(([name, account]) => {
    const found = state.accounts[name]?.permissions.owner;
    if (account.owner === undefined || !found || isSame(found, permissionsOf(name, account).owner)) return [];
    return [
      error(
        `chain.accounts.${name}.owner`,
        "is not the chain's: an owner is never changed from here. Take the key out, or change the owner by hand",
      ),
    ];
  });

/** The system contract that sells RAM sells short names as well (eosio.system, name_bidding.cpp). */
const nameRefusals = ({ accounts }: DeclaredChain, state: ChainState): Finding[] =>
  Object.entries(accounts)
    .filter(
      ([name, { creator }]) =>
        state.market &&
        !state.accounts[name] &&
        creator !== "eosio" &&
        name.length < 12 &&
        !name.includes("."),
    )
    .map(([name]) =>
      error(
        `chain.accounts.${name}`,
        "is shorter than 12 letters: such names are bid for on this chain. Take one of 12, or win the bid first",
      ),
    );

const tokenRefusals = ({ tokens }: DeclaredChain, state: ChainState): Finding[] =>
  tokens.flatMap(({ contract, issuer, maximum }, index) => {
    const found = state.tokens[tokenKey(contract, maximum)];
    if (!found) return [];
    const path = `chain.tokens[${index}]`;
    return [
      ...(found.issuer === issuer
        ? []
        : [error(`${path}.issuer`, `is ${found.issuer} on the chain for good: write that one`)]),
      ...(found.maximum === maximum
        ? []
        : [error(`${path}.maximum`, `is ${found.maximum} on the chain for good: write that one`)]),
    ];
  });

function evmRefusals({ evm }: DeclaredChain, { evm: found }: ChainState): Finding[] {
  if (!evm || !found) return [];
  const genesis = evm.genesis;
  return [
    ...(found.chainId === evm.chainId
      ? []
      : [
          error(
            "chain.evm.chainId",
            `is ${evm.chainId}, the contract on ${evm.account} was started with ${found.chainId} and keeps it: write that one, or another account`,
          ),
        ]),
    ...(genesis === undefined || found.genesis === undefined || fits(genesis, found.genesis)
      ? []
      : [
          error(
            "chain.evm.genesis",
            `does not fit the chain: its EVM began at ${found.genesis.timestamp} with the native block ${found.genesis.mixHash}: write those two`,
          ),
        ]),
  ];
}

const strangerRefusals = ({ strangers }: ChainState): Finding[] =>
  strangers.length === 0
    ? []
    : [
        error(
          "chain.distribution.file",
          `${strangers.length} of its names are no accounts: ${strangers.slice(0, 20).join(", ")}${strangers.length > 20 ? ", …" : ""}. Create them first, or take them out`,
        ),
      ];

interface Genesis {
  timestamp: string;
  mixHash: string;
}

const fits = (given: Genesis, found: Genesis): boolean =>
  Date.parse(given.timestamp) === Date.parse(found.timestamp) && given.mixHash === found.mixHash;

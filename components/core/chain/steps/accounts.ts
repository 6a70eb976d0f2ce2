import { bytesOf } from "../../config/units";
import { assetText, parseAsset } from "../asset";
import { authorityText, isSame, nativeAuthority, permissionsOf } from "../authority";
import type { AccountState, ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import { marker, markerName } from "../marker";
import { type ChainAction, type ChainStep, PERMISSION } from "../step";

type Declared = DeclaredChain["accounts"][string];

/** What an account lacks of its declared resources: bytes, and units of the system's token. */
interface Lack {
  ram: number;
  cpu: bigint;
  net: bigint;
}

/** The market rounds what it sells down by some bytes, and sells no lot that is worth less than the smallest coin. */
const ROUNDING = 0.01;

function lackOf(declared: Declared, found: AccountState | undefined): Lack {
  const units = (text: string | undefined) => (text === undefined ? 0n : parseAsset(text).units);
  const above = (wanted: bigint, has: bigint) => (wanted > has ? wanted - has : 0n);
  const isUnlimited = found !== undefined && found.ram.quota === undefined;
  const ram = declared.ram === undefined || isUnlimited ? 0 : bytesOf(declared.ram);
  const missing = ram - (found?.ram.quota ?? 0);
  return {
    ram: missing > ram * ROUNDING ? missing : 0,
    cpu: above(units(declared.cpu), found?.staked.cpu ?? 0n),
    net: above(units(declared.net), found?.staked.net ?? 0n),
  };
}

/** Purchases that end the lack, and how they are told. Without a market there is nothing to buy. */
function purchases(name: string, declared: Declared, lack: Lack): { actions: ChainAction[]; told: string[] } {
  const { creator, cpu, net } = declared;
  const sample = parseAsset(cpu ?? net ?? "0.0000 EOS");
  const text = (units: bigint) => assetText({ ...sample, units });
  const buys = lack.ram > 0;
  const stakes = lack.cpu > 0n || lack.net > 0n;
  const action = (verb: string, data: Record<string, unknown>): ChainAction => ({
    account: "eosio",
    name: verb,
    actor: creator,
    data: { receiver: name, ...data },
  });
  return {
    actions: [
      ...(buys ? [action("buyrambytes", { payer: creator, bytes: lack.ram })] : []),
      ...(stakes
        ? [
            action("delegatebw", {
              from: creator,
              stake_net_quantity: text(lack.net),
              stake_cpu_quantity: text(lack.cpu),
              transfer: false,
            }),
          ]
        : []),
    ],
    told: [
      ...(buys ? [`${lack.ram} bytes of RAM`] : []),
      ...(lack.cpu > 0n ? [`${text(lack.cpu)} staked for CPU`] : []),
      ...(lack.net > 0n ? [`${text(lack.net)} staked for NET`] : []),
    ],
  };
}

function created(name: string, declared: Declared, isMarket: boolean): ChainStep {
  const { owner, active } = permissionsOf(name, declared);
  const bought = isMarket
    ? purchases(name, declared, lackOf(declared, undefined))
    : { actions: [], told: [] };
  const data = {
    creator: declared.creator,
    name,
    owner: nativeAuthority(owner),
    active: nativeAuthority(active),
  };
  const told = [`active ${authorityText(active)}`, ...bought.told].join(", ");
  return {
    stage: "accounts",
    title: `create the account ${name}, by ${declared.creator}: ${told}`,
    actions: [{ account: "eosio", name: "newaccount", actor: declared.creator, data }, ...bought.actions],
  };
}

const permission = (name: string, declared: Declared): ChainAction => ({
  account: "eosio",
  name: "updateauth",
  actor: name,
  data: {
    account: name,
    permission: PERMISSION,
    parent: "owner",
    auth: nativeAuthority(permissionsOf(name, declared).active),
  },
});

function changed(name: string, declared: Declared, found: AccountState, isMarket: boolean): ChainStep[] {
  const { active } = permissionsOf(name, declared);
  const lack = lackOf(declared, found);
  const bought = isMarket ? purchases(name, declared, lack) : { actions: [], told: [] };
  const { quota } = found.ram;
  // Repeated, the same purchase from the same state is the same mark: the chain takes it once.
  const mark = markerName(["resources", name, quota, String(found.staked.cpu), String(found.staked.net)]);
  return [
    ...(isSame(found.permissions[PERMISSION], active)
      ? []
      : [
          {
            stage: "accounts" as const,
            title: `set ${name}@${PERMISSION} to ${authorityText(active)}`,
            actions: [permission(name, declared)],
          },
        ]),
    ...(bought.actions.length === 0
      ? []
      : [
          {
            stage: "accounts" as const,
            title: `buy for ${name}, by ${declared.creator}: ${bought.told.join(", ")}`,
            actions: [...bought.actions, marker(declared.creator, "eosio", mark)],
          },
        ]),
  ];
}

/** Accounts, their permissions and what they live on. The system's own account is there from the genesis. */
export const accountSteps = (declared: DeclaredChain, state: ChainState): ChainStep[] =>
  Object.entries(declared.accounts).flatMap(([name, account]) => {
    const found = state.accounts[name];
    const isMarket = state.market !== undefined;
    if (found) return changed(name, account, found, isMarket);
    return name === "eosio" ? [] : [created(name, account, isMarket)];
  });

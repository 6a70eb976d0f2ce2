import { error, type Finding } from "../../config/finding";
import { bytesOf } from "../../config/units";
import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import type { ChainStep } from "../step";

/** nodeos bills code tenfold (libraries/chain/include/eosio/chain/config.hpp, setcode_ram_bytes_multiplier). */
const CODE_FACTOR = 10;
/** What an account takes that does nothing yet (newaccount, two permissions; measured 2,724 with system's own eosio). */
const ACCOUNT_BYTES = 3_000;
/** What a link takes, with its index (billable_size of permission_link_object and overhead). */
const LINK_BYTES = 270;
/** Microseconds that nodeos bills a transaction at least (min_transaction_cpu_usage), and what an action takes about. */
const CPU_A_TRANSACTION = 100;
const CPU_AN_ACTION = 100;
/** Bytes of a signed transaction without its actions, and of an action without its data. */
const NET_A_TRANSACTION = 140;
const NET_AN_ACTION = 40;

/** RAM that steps take from accounts which have a quota. Bytes by account. */
function ramNeeded(declared: DeclaredChain, steps: readonly ChainStep[]): Map<string, number> {
  const needs = new Map<string, number>();
  const add = (account: string, bytes: number) => needs.set(account, (needs.get(account) ?? 0) + bytes);
  for (const { actions } of steps)
    for (const { name, actor, data } of actions) {
      const file = Object.entries(declared.files).find(([path]) => path === fileOf(data.code));
      if (name === "setcode" && file) add(actor, file[1].wasm.size * CODE_FACTOR);
      if (name === "linkauth") add(actor, LINK_BYTES);
      if (name === "newaccount") add(String(data.name), ACCOUNT_BYTES);
    }
  for (const [name, account] of Object.entries(declared.accounts)) {
    const wasm = account.contract?.wasm;
    if (wasm !== undefined && needs.has(name)) add(name, declared.files[wasm]?.abi.size ?? 0);
  }
  return needs;
}

const fileOf = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null && "file" in value ? String(value.file) : undefined;

function ramRefusals(declared: DeclaredChain, state: ChainState, steps: readonly ChainStep[]): Finding[] {
  return [...ramNeeded(declared, steps)].flatMap(([name, needed]) => {
    const found = state.accounts[name];
    const account = declared.accounts[name];
    // Without limit; and a chain that sells no RAM asks for none of an account that is made.
    if (found ? found.ram.quota === undefined : state.market === undefined) return [];
    const bought = account?.ram === undefined ? 0 : bytesOf(account.ram);
    const quota = Math.max(found?.ram.quota ?? 0, state.market === undefined ? 0 : bought);
    const missing = (found?.ram.used ?? 0) + needed - quota;
    if (missing <= 0) return [];
    const remedy =
      state.market === undefined
        ? "have it given to the account, this chain sells none"
        : `write chain.accounts.${name}.ram: ${Math.ceil(((quota + missing) / 2 ** 20) * 100) / 100} MB or more`;
    return [
      error(`chain.accounts.${name}.ram`, `is ${missing} bytes too little for what is deployed: ${remedy}`),
    ];
  });
}

interface Use {
  cpu: number;
  net: number;
}

/** What the first to sign is billed. */
function usedBy(steps: readonly ChainStep[], declared: DeclaredChain): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const { actions } of steps) {
    const payer = actions[0]?.actor;
    if (payer === undefined) continue;
    const use = uses.get(payer) ?? { cpu: 0, net: 0 };
    const bytes = actions.map(({ data }) => NET_AN_ACTION + sizeOf(data, declared));
    uses.set(payer, {
      cpu: use.cpu + CPU_A_TRANSACTION + CPU_AN_ACTION * actions.length,
      net: use.net + NET_A_TRANSACTION + bytes.reduce((sum, each) => sum + each, 0),
    });
  }
  return uses;
}

function sizeOf(data: Record<string, unknown>, { files }: DeclaredChain): number {
  const file = fileOf(data.code);
  // Compressed on its way to about half.
  if (file !== undefined) return (files[file]?.wasm.size ?? 0) / 2;
  return JSON.stringify(data).length / 2;
}

function billRefusals(declared: DeclaredChain, state: ChainState, steps: readonly ChainStep[]): Finding[] {
  return [...usedBy(steps, declared)].flatMap(([name, use]) => {
    const left = state.accounts[name]?.left;
    const say = (what: "cpu" | "net", unit: string) => {
      const has = left?.[what];
      const missing = has === undefined ? 0 : Math.ceil(use[what]) - has;
      return missing > 0
        ? [
            error(
              `chain.accounts.${name}.${what}`,
              `${name} lacks ${missing} ${unit} of ${what.toUpperCase()} for what is to be pushed (${has} left): stake more for it, or wait until it has recovered`,
            ),
          ]
        : [];
    };
    return [...say("cpu", "µs"), ...say("net", "bytes")];
  });
}

/** RAM, CPU and NET that are missing, each with the amount. */
export const resourceRefusals = (
  declared: DeclaredChain,
  state: ChainState,
  steps: readonly ChainStep[],
): Finding[] => [...ramRefusals(declared, state, steps), ...billRefusals(declared, state, steps)];

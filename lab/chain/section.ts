import { PrivateKey } from "@wharfkit/antelope";
import { secretName } from "../../components/core/naming";
import type { Plan } from "../../components/core/plan/plan";
import { MINER_KEY } from "../../components/core/services/tx-wrapper";
import type { LabKeys } from "../keys";
import type { LabContracts } from "./contracts";

type Settings = Record<string, unknown>;

/** Names under which the engine's environment holds the keys that sign for the chain. */
const SYSTEM_KEY = "NODEWRIGHT_LAB_SYSTEM_KEY";
const WRAPPER_KEY = "NODEWRIGHT_LAB_WRAPPER_KEY";

interface Pair {
  private: string;
  public: string;
}

/** Key of the account `eosio`: that of the producer whom the genesis names. */
function systemKey({ hosts, network }: Plan, keys: LabKeys): Pair {
  const first = hosts.find(({ producer }) => producer?.name === network.birth?.producer);
  const pair = first && keys.signing[first.name];
  if (!pair) throw new Error("no host of the lab has the key that its genesis names");
  return pair;
}

/** Every wrapper has a key of its own, and each alone signs for the account that they share. */
const wrapperKeys = ({ hosts }: Plan, { secrets }: LabKeys): Pair[] =>
  hosts.flatMap(({ name }) => {
    const key = secrets[secretName(name, MINER_KEY)];
    return key === undefined ? [] : [{ private: key, public: String(PrivateKey.from(key).toPublic()) }];
  });

/** What the program of the stack signs with. */
export function chainKeys(plan: Plan, keys: LabKeys): Record<string, string> {
  const [wrapper] = wrapperKeys(plan, keys);
  return {
    [SYSTEM_KEY]: systemKey(plan, keys).private,
    ...(wrapper ? { [WRAPPER_KEY]: wrapper.private } : {}),
  };
}

/**
 * The `chain` section of a lab's stack file with what the lab makes for it: keys, contracts, the accounts that the EVM and its
 * wrappers need, and where there are several producers their schedule. What the user gave is kept.
 */
export function labChain(
  written: Settings,
  plan: Plan,
  { keys, contracts }: { keys: LabKeys; contracts: LabContracts },
): Settings {
  const system = systemKey(plan, keys).public;
  const wrappers = wrapperKeys(plan, keys);
  const { account, opens = [] } = (written.evm ?? {}) as { account?: string; opens?: string[] };
  const shared = { keys: wrappers.map(({ public: key }) => ({ key })) };
  const producers = plan.hosts.flatMap(({ name, producer }) => {
    const key = keys.signing[name]?.public;
    return producer && key !== undefined ? [{ producer: producer.name, key }] : [];
  });
  const others = producers.map(({ producer }) => producer).filter((name) => name !== "eosio");
  return {
    boot: contracts.boot,
    ...(producers.length > 1 ? { schedule: producers } : {}),
    ...written,
    signers: [
      { env: SYSTEM_KEY },
      ...(wrappers.length > 0 ? [{ env: WRAPPER_KEY }] : []),
      ...((written.signers ?? []) as unknown[]),
    ],
    accounts: {
      eosio: { active: system, contract: contracts.system },
      ...Object.fromEntries(others.map((name) => [name, { active: system }])),
      ...(account === undefined
        ? {}
        : { [account]: { active: system, code: true, contract: contracts.evm } }),
      ...Object.fromEntries(opens.map((name) => [name, { active: wrappers.length > 0 ? shared : system }])),
      ...((written.accounts ?? {}) as Settings),
    },
  };
}

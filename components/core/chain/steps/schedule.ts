import { normalKey } from "../authority";
import type { ChainState } from "../chain-state";
import type { DeclaredChain } from "../declared-chain";
import type { ChainStep } from "../step";

/** Who produces, in which order and with which key. */
export function scheduleSteps({ schedule }: DeclaredChain, state: ChainState): ChainStep[] {
  const wanted = schedule.map(({ producer, key }) => ({ producer, key: normalKey(key) }));
  if (wanted.length === 0 || JSON.stringify(wanted) === JSON.stringify(state.schedule)) return [];
  const data = {
    schedule: wanted.map(({ producer, key }) => ({
      producer_name: producer,
      authority: ["block_signing_authority_v0", { threshold: 1, keys: [{ key, weight: 1 }] }],
    })),
  };
  return [
    {
      stage: "schedule",
      title: `schedule ${wanted.length} producers: ${wanted.map(({ producer, key }) => `${producer} (${key})`).join(", ")}`,
      actions: [{ account: "eosio", name: "setprods", actor: "eosio", data }],
    },
  ];
}

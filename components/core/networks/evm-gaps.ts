import { type EvmFacts, evmChain } from "./evm-genesis";
import type { ChainNetwork } from "./network";

/** A fact of an EVM chain that the operator must give, or gave in vain; the path is relative to `network`. */
export interface EvmGap {
  path: string[];
  message: string;
}

/** Where each fact stands in a stack file, and where an operator finds it. */
const SOURCES: [fact: keyof EvmFacts, path: string[], source: string][] = [
  ["chainId", ["evm", "chainId"], "chainid in the config table of the EVM contract"],
  ["account", ["evm", "account"], "the native account that holds the EVM contract"],
  ["timestamp", ["evm", "genesis", "timestamp"], "genesis_time in the config table of the EVM contract"],
  ["mixHash", ["evm", "genesis", "mixHash"], "the id of the native block at the genesis time"],
];

/** What is wrong with adding these facts to a network. Empty for none given. */
export function evmGaps(network: ChainNetwork, given?: Partial<EvmFacts>): EvmGap[] {
  if (given === undefined) return [];
  if (network.evm)
    return [
      {
        path: ["evm"],
        message: `is known of ${network.name} and cannot be another: leave it out, or describe a chain of your own by name, native and evm`,
      },
    ];
  const facts = { ...network.evmKnown, ...given };
  return SOURCES.flatMap(([fact, path, source]) => {
    const known = network.evmKnown?.[fact];
    if (facts[fact] === undefined) return [{ path, message: `is missing: ${source}` }];
    return known === undefined || known === facts[fact]
      ? []
      : [{ path, message: `is ${known} on ${network.name}: leave it out` }];
  });
}

/** The network with these facts of its EVM chain. Facts that leave gaps (`evmGaps`) change nothing. */
export function withEvm(network: ChainNetwork, given?: Partial<EvmFacts>): ChainNetwork {
  const facts = { ...network.evmKnown, ...given };
  return given !== undefined && isWhole(facts) ? { ...network, evm: evmChain(facts) } : network;
}

/** The block that an EVM began with, as its chain tells it: UTC, `2026-01-01T00:00:00Z`, and the id with 0x. */
export type EvmBegin = Pick<EvmFacts, "timestamp" | "mixHash">;

/** In no document: what has it waits. */
const TO_COME: EvmBegin = { timestamp: "1970-01-01T00:00:00Z", mixHash: "told by the chain" };

/** Whether all of a network's EVM is known but how it began. */
export const lacksGenesis = ({ evm, evmKnown }: ChainNetwork): boolean =>
  !evm && evmKnown?.chainId !== undefined && evmKnown.account !== undefined;

/** The network whose EVM began so; without a beginning it is awaited. One that lacks none stays as it is. */
export function withGenesis(network: ChainNetwork, begin?: EvmBegin): ChainNetwork {
  if (!lacksGenesis(network)) return network;
  const { evmKnown, ...rest } = network;
  const { evm } = withEvm(network, begin ?? TO_COME);
  return evm ? { ...rest, evm: begin ? evm : { ...evm, isAwaited: true } } : network;
}

const isWhole = (facts: Partial<EvmFacts>): facts is EvmFacts =>
  facts.extraData !== undefined && SOURCES.every(([fact]) => facts[fact] !== undefined);

/** Why a host that runs an EVM service cannot be in this network, with the way out. Undefined where it can. */
export function missingEvm({ name, evm, evmKnown }: ChainNetwork): string | undefined {
  if (evm) return undefined;
  const paths = SOURCES.filter(([fact]) => evmKnown?.[fact] === undefined).map(([, path]) => path.join("."));
  return `no EVM chain is known on ${name}: give ${paths.join(", ")} under network ({ preset: ${name}, evm: … } for a preset)`;
}

/** Why seeds would find nobody, with the way out. Undefined where they have peers, or the chain is this stack's own. */
export function missingPeers(network: ChainNetwork, given: readonly string[]): string | undefined {
  if (network.birth || network.knownPeers.length + given.length > 0) return undefined;
  return `no public peer of ${network.name} is known: give some under peers, name:port`;
}

import type { ChainSection } from "../../config/chain";
import { error, type Finding } from "../../config/finding";
import type { EvmBegin } from "../../networks/evm-gaps";
import type { ChainNetwork } from "../../networks/network";

/**
 * Whether hosts, section and chain agree on how the EVM began. `found`: what the chain tells. A chain that is born with its
 * stack has a genesis that is not the chain's.
 */
export function checkBegin(network: ChainNetwork, section: ChainSection, found?: EvmBegin): Finding[] {
  const { evm, birth, name } = network;
  const declared = section.evm?.genesis;
  const ofHosts = evm && !evm.isAwaited && !birth ? beginOf(evm.genesis) : undefined;
  if (found)
    return [
      ...strange("chain.evm.genesis", declared, found),
      ...strange("network.evm.genesis", ofHosts, found),
    ];
  if (!declared || !ofHosts || isSame(declared, ofHosts)) return [];
  const message = `is another one than that of the network ${name}, ${told(ofHosts)}: leave one of the two out`;
  return [error("chain.evm.genesis", message)];
}

const strange = (path: string, given: EvmBegin | undefined, found: EvmBegin): Finding[] =>
  given === undefined || isSame(given, found)
    ? []
    : [
        error(
          path,
          `does not fit the chain: its EVM began at ${told(found)}: write those two, or leave it out`,
        ),
      ];

const beginOf = ({ timestamp, mixHash }: Record<string, unknown>): EvmBegin => ({
  timestamp: new Date(Number(timestamp) * 1000).toISOString(),
  mixHash: String(mixHash),
});

const told = ({ timestamp, mixHash }: EvmBegin): string =>
  `${timestamp.replace(".000Z", "Z")} with the native block ${mixHash}`;

const isSame = (one: EvmBegin, other: EvmBegin): boolean =>
  Date.parse(one.timestamp) === Date.parse(other.timestamp) &&
  one.mixHash.toLowerCase() === other.mixHash.toLowerCase();

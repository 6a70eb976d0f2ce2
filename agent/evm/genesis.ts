import { readText } from "../disk";
import type { System } from "../system";
import type { EvmSettings } from "./settings";
import { blockId } from "./source";
import type { SupervisorState } from "./state";

/** What two genesis files of the same chain agree on. */
type Facts = Record<string, string>;

/** Why eos-evm-node must not be started with this genesis, and what to do. */
export interface GenesisFault {
  reason: string;
  remedy: string;
}

const lower = (value: unknown): string => String(value).toLowerCase();

/** Of the network's preset, as they are compared. */
export const expectedGenesis = ({ evm }: Pick<EvmSettings, "evm">): Facts => ({
  chainId: String(evm.chainId),
  nonce: lower(evm.nonce),
  timestamp: lower(evm.timestamp),
  mixHash: lower(evm.mixHash),
});

/** Number of the native block that the EVM chain begins at; a chain that was not born with its genesis begins at 2. */
export const firstNative = ({ evm }: Pick<EvmSettings, "evm">): number =>
  Number.parseInt(evm.mixHash.replace(/^0x/, "").slice(0, 8), 16) || 2;

/** Compares the genesis file with the preset, and both with the chain that the database was born from. */
export async function genesisFault(
  system: System,
  settings: EvmSettings,
  { genesis: born }: Pick<SupervisorState, "genesis">,
): Promise<GenesisFault | undefined> {
  const expected = expectedGenesis(settings);
  const file = await genesisFile(system, settings.genesis);
  const strange = file && differences(file, expected);
  if (!strange || strange.length > 0)
    return {
      reason: `${settings.genesis} is not the genesis of the network${strange ? `: ${strange.join(", ")}` : ""}`,
      remedy: "provision the host again: nodewright-host provision; then: systemctl start evm-node",
    };
  const other = born ? differences(born, expected) : [];
  if (other.length > 0)
    return {
      reason: `the chain data in ${settings.chainData} is of another chain: ${other.join(", ")}`,
      remedy: `move ${settings.chainData}/chaindata away or correct the stack's network, remove the genesis from the supervisor's state (nodewright-host evm-node forget), then: systemctl start evm-node`,
    };
  return undefined;
}

/** The block that the genesis names must be one of the native chain. No answer is no fault: it may be pruned. */
export async function nativeFault(
  settings: EvmSettings,
  source: EvmSettings["sources"][number],
): Promise<GenesisFault | undefined> {
  const expected = lower(settings.evm.mixHash).replace(/^0x/, "");
  if (/^0+$/.test(expected)) return undefined;
  const found = await blockId(source, firstNative(settings));
  if (found === undefined || found === expected) return undefined;
  return {
    reason: `the genesis names native block ${expected}, and ${source.name} has ${found} in its place`,
    remedy: "correct network.evm.genesis of the stack, or connect nodeos to the right chain",
  };
}

async function genesisFile(system: System, path: string): Promise<Facts | undefined> {
  try {
    const { config, nonce, timestamp, mixHash } = JSON.parse((await readText(system, path)) ?? "");
    return {
      chainId: String(config.chainId),
      nonce: lower(nonce),
      timestamp: lower(timestamp),
      mixHash: lower(mixHash),
    };
  } catch {
    return undefined;
  }
}

const differences = (found: Facts, expected: Facts): string[] =>
  Object.keys(expected)
    .filter((fact) => found[fact] !== expected[fact])
    .map((fact) => `${fact} ${found[fact]} in place of ${expected[fact]}`);

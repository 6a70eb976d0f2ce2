import { z } from "zod";
import { settingsFrom } from "../settings-file";
import type { System } from "../system";
import { EVM_SETTINGS } from "./layout";

const source = z.strictObject({
  /** As people call it: `this host`, `archive-a`. */
  name: z.string().min(1),
  /** State history, `host:port`. */
  ship: z.string().min(1),
  /** Chain API of the same nodeos. */
  http: z.url(),
});

const schema = z.strictObject({
  /** Program and arguments, all but `--ship-endpoint`. */
  exec: z.array(z.string()).min(1),
  /** Folder of `--chain-data`; copies of the database lie in it too. */
  chainData: z.string().startsWith("/"),
  /** File of `--genesis-json`, and what the network's preset says of it. */
  genesis: z.string().startsWith("/"),
  evm: z.strictObject({
    chainId: z.int().positive(),
    nonce: z.string(),
    timestamp: z.string(),
    mixHash: z.string(),
  }),
  /** Where the network has one; a private chain has none before its birth. */
  nativeChainId: z.string().exactOptional(),
  /** In order of preference; the first is this host's own. */
  sources: z.array(source).min(1),
  /** How long the preferred source may be away before another is taken, and be back before it is taken again. */
  patienceSeconds: z.int().positive(),
  /** Copies of the database that are kept, and how old the newest must be before another is made. */
  copies: z.int().nonnegative(),
  copyAfterHours: z.number().nonnegative(),
  /** An eos-evm-rpc on the same database: tells how far the chain is. */
  rpc: z.url().exactOptional(),
});

/** What the supervisor of eos-evm-node is told by the host's document. */
export type EvmSettings = z.output<typeof schema>;
export type Source = z.output<typeof source>;

/** Throws HostError where the host has no EVM node. */
export const evmSettings = (system: System): Promise<EvmSettings> =>
  settingsFrom(system, EVM_SETTINGS, schema, "this host runs no EVM node");

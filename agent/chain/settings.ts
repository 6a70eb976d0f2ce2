import { z } from "zod";
import { CHAIN_SETTINGS, STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";
import { settingsFrom } from "../settings-file";
import type { System } from "../system";
import { STATE } from "./layout";

/** What the start of nodeos needs to know beside its own configuration; the service writes it. */
const schema = z.strictObject({
  /** Where the chain API and the producer and net APIs answer. */
  http: z.url(),
  control: z.url(),
  /** The genesis that a private chain is born from. */
  genesis: z.string().exactOptional(),
  chainId: z.string().exactOptional(),
  /** Whether it keeps state history. */
  ship: z.boolean(),
  /** Whether the host is there for its history: then no recovery may begin a new one. */
  keepsHistory: z.boolean(),
  /** Whether it produces without waiting for a block of others: a private chain that is born here. */
  producesAlone: z.boolean(),
  /** Percent of a disk above which nodeos stops by itself. */
  diskThreshold: z.number(),
  /** Folder of its state. Default on the disk. */
  state: z.enum([STATE, STATE_IN_MEMORY]).default(STATE),
});

export type ChainSettings = z.infer<typeof schema>;

export const readSettings = (system: System): Promise<ChainSettings> =>
  settingsFrom(system, CHAIN_SETTINGS, schema, "provision this host");

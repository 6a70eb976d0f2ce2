/** Steps of one stage build on what the stage before made: it is irreversible, and was read back, when they are planned. */
export const STAGES = [
  "features",
  "system",
  "accounts",
  "contracts",
  "tokens",
  "evm",
  "distribution",
  "schedule",
] as const;
export type Stage = (typeof STAGES)[number];

/** A file's bytes in the place of a value of an action's data, as hexadecimal digits. */
export interface FileValue {
  file: string;
  sha256: string;
  /** `abi`: JSON that travels in the chain's own binary form. */
  as: "wasm" | "abi";
}

export interface ChainAction {
  account: string;
  name: string;
  actor: string;
  data: Record<string, unknown>;
}

/** One transaction that a chain lacks, or one call of a nodeos' producer API. */
export interface ChainStep {
  stage: Stage;
  /** As a reviewer reads it. */
  title: string;
  /** In order, all or none. */
  actions: ChainAction[];
  /** In place of actions: PREACTIVATE_FEATURE alone is activated without a transaction. */
  activates?: string;
}

/** A name as zod left it, with the permission that it acts by. */
export const PERMISSION = "active";

import type { z } from "zod";

/** A floor, never a machine type: what a host needs at least, and who says so. */
export interface Hardware {
  cores?: number;
  memory: string;
  /** Whether memory must correct its errors. */
  ecc: boolean;
  disk: string;
  /** Where the numbers come from. */
  source: string;
}

/** What the deployment plan asks of any host with a full native node, for EOS. */
export const FULL_NODE: Hardware = {
  memory: "64 GB",
  ecc: true,
  disk: "2 TB",
  source: "TrustEVM deployment plan, hardware requirements",
};

/** A kind of host. To add one: a file here and a line in `roles/index.ts`. */
export interface Role<Settings extends z.ZodRawShape = z.ZodRawShape> {
  name: string;
  summary: string;
  /** Names of the services it runs, in start order. */
  services: readonly string[];
  hardware: Hardware;
  /** Roles that must be in the stack for this one to work, and why. */
  requires: readonly { role: string; why: string }[];
  /** Keys of its own in a host's entry, beside those that every host has. */
  settings: Settings;
  /** Roles whose hosts it opens p2p connections to. */
  peersWith: readonly string[];
}

import { audit } from "../audit";
import type { System } from "../system";
import { CHAIN_AUDIT } from "./layout";

interface End {
  result?: "ok" | "failed";
  seconds?: number;
}

/** Tells the audit trail of a recovery, in its own file: nodeos' user cannot write that of root. */
export const auditRecovery = (system: System, what: string, end: End = {}): Promise<void> =>
  audit(system, { action: "recovery", step: "nodeos", what, ...end }, CHAIN_AUDIT);

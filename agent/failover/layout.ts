import { FAILOVER_UNIT } from "../../components/core/failover/settings";

/** Gone with the unit. */
export const RUN_FOLDER = `/run/${FAILOVER_UNIT}`;
/** What this host decided, for ever: its part of the audit trail. */
export const FAILOVER_AUDIT = `/var/lib/${FAILOVER_UNIT}/audit.jsonl`;
/** What it knows now; the agent's own user reads it for the metrics. */
export const FAILOVER_STATE = `/var/lib/${FAILOVER_UNIT}/status.json`;

import { NODEOS_DATA } from "../../components/core/services/nodeos-files";

export const STATE = `${NODEOS_DATA}/state`;
export const STATE_FILE = `${STATE}/shared_memory.bin`;
export const BLOCKS = `${NODEOS_DATA}/blocks`;
export const REVERSIBLE = `${BLOCKS}/reversible`;
export const HISTORY = `${NODEOS_DATA}/state-history`;
/** Where a recovery puts what it replaces, until the new one has proved itself. */
export const ASIDE = `${NODEOS_DATA}/aside`;
/** On the system's disk: a full data disk must not keep the ladder from remembering what it tried. */
export const RECOVERY = "/var/lib/nodeos/recovery.json";
/** What recoveries did, for ever: its part of the audit trail. */
export const CHAIN_AUDIT = "/var/lib/nodeos/audit.jsonl";

import { NODEOS_DATA, STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";

export const STATE = `${NODEOS_DATA}/state`;
/** nodeos' database, in the folder of its state. */
export const DATABASE = "shared_memory.bin";
export const STATE_FILE = `${STATE}/${DATABASE}`;
/** Every folder in which a state may lie: on the disk, and in memory. */
export const STATES = [STATE, STATE_IN_MEMORY];
export const BLOCKS = `${NODEOS_DATA}/blocks`;
export const REVERSIBLE = `${BLOCKS}/reversible`;
export const HISTORY = `${NODEOS_DATA}/state-history`;
/** Where a recovery puts what it replaces, until the new one has proved itself. */
export const ASIDE = `${NODEOS_DATA}/aside`;
/** On the system's disk: a full data disk must not keep the ladder from remembering what it tried. */
export const RECOVERY = "/var/lib/nodeos/recovery.json";
/** What recoveries did, for ever: its part of the audit trail. */
export const CHAIN_AUDIT = "/var/lib/nodeos/audit.jsonl";

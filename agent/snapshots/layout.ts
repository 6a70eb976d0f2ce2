import { NODEOS_DATA } from "../../components/core/services/nodeos-files";

/** Where nodeos writes its snapshots, and finds those to start from. */
export const SNAPSHOTS = `${NODEOS_DATA}/snapshots`;
export const BLOCK_LOG = `${NODEOS_DATA}/blocks/blocks.log`;
export const SHIP_LOG = `${NODEOS_DATA}/state-history/trace_history.log`;

/**
 * Held while nodeos writes a snapshot. Who stops nodeos waits for it: `flock --timeout 600 <this> true`. It is there from
 * the first snapshot on, and none is taken while another holds it.
 */
export const SNAPSHOT_LOCK = `${NODEOS_DATA}/snapshots/.lock`;
export const STATE_FILE = `${NODEOS_DATA}/state/shared_memory.bin`;

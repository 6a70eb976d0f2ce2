/** Slots of half a second since then (block_timestamp of nodeos). */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const SLOT_MS = 500;

export const timeOfSlot = (slot: number): Date => new Date(EPOCH_MS + slot * SLOT_MS);

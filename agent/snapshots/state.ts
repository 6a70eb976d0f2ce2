import { z } from "zod";
import { readState, writeState } from "../disk";
import { SNAPSHOT_STATE } from "../layout";
import type { System } from "../system";
import { historyOf } from "./history";
import type { SnapshotRecord } from "./record";

const heldSchema = z.object({
  first: z.number(),
  last: z.number(),
  unbroken: z.boolean().exactOptional(),
  since: z.string().exactOptional(),
});

const stateSchema = z.object({
  /** The last that came to a good end. */
  last: z
    .object({
      /** When it was taken, and of its block. */
      taken: z.string(),
      time: z.string(),
      block: z.number(),
      bytes: z.number(),
      isPublished: z.boolean(),
    })
    .exactOptional(),
  /** What nodeos has kept, as it was at the last try. */
  history: z
    .object({ looked: z.string(), blocks: heldSchema.exactOptional(), ship: heldSchema.exactOptional() })
    .exactOptional(),
  /** Why the last try failed; gone with the next good one. */
  failure: z.object({ time: z.string(), reason: z.string() }).exactOptional(),
});

/** What `status` and metrics tell of snapshots. Anyone on the host may read it. */
export type SnapshotState = z.infer<typeof stateSchema>;

export const snapshotState = (system: System): Promise<SnapshotState> =>
  readState<SnapshotState>(system, SNAPSHOT_STATE, (value) => stateSchema.parse(value), {});

type News = { record: SnapshotRecord; isPublished: boolean } | { failure: string };

export async function noteSnapshot(system: System, news: News): Promise<void> {
  const now = system.now().toISOString();
  const history = await historyOf(system);
  if ("failure" in news) {
    const { last } = await snapshotState(system);
    const failure = { time: now, reason: news.failure };
    return writeState(system, SNAPSHOT_STATE, { ...(last ? { last } : {}), history, failure });
  }
  const { time, block, bytes } = news.record;
  await writeState(system, SNAPSHOT_STATE, {
    history,
    last: { taken: now, time, block, bytes, isPublished: news.isPublished },
  });
}

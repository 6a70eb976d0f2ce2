import { z } from "zod";
import { SNAPSHOT_SETTINGS } from "../../components/core/services/nodeos-files";
import { settingsFrom } from "../settings-file";
import type { System } from "../system";

const key = z.string().regex(/^[\w+/]{43}=$|^[\w+/]{59}=$/, "is no ed25519 public key in base64");

const schema = z.strictObject({
  /** Name of the chain, by which its snapshots are published. */
  network: z.string(),
  /** nodeos' chain API, and its producer and snapshot APIs, on loopback. */
  api: z.url(),
  control: z.url(),
  chainId: z.string().exactOptional(),
  /** Snapshots that stay on this host. */
  keep: z.int().min(1),
  /** What a fresh host starts from. */
  from: z
    .union([
      z.strictObject({ mirror: z.url(), key }),
      z.strictObject({ url: z.url(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    ])
    .exactOptional(),
  /** Its block must be older than this (UTC): what an archive begins with. */
  before: z.iso.datetime().exactOptional(),
  /** Seconds that a published snapshot may be old. */
  maxAgeSeconds: z.int().positive().exactOptional(),
  /** Where snapshots of this host go: `file:///folder` or `s3:https://server/bucket/prefix`. */
  publish: z.strictObject({ to: z.string(), region: z.string(), keep: z.int().min(1) }).exactOptional(),
});

/** What the plan says of this host's snapshots (written by the services `nodeos` and `snapshots`). */
export type SnapshotSettings = z.infer<typeof schema>;

export const snapshotSettings = (system: System): Promise<SnapshotSettings> =>
  settingsFrom(
    system,
    SNAPSHOT_SETTINGS,
    schema,
    "the plan gives this host no snapshots; see docs/snapshots.md",
  );

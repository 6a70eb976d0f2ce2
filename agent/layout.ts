import { dirname } from "node:path";
import { AUDIT_TRAIL } from "../components/core/services/log-lines";
import { PROGRAMS } from "../components/core/services/service";

/** Where things lie on a host. */
export const BUNDLE = "/etc/nodewright/bundle.json";
export const UNITS = "/etc/systemd/system";
export const CREDENTIALS = "/etc/credstore.encrypted";
export const SOFTWARE = dirname(PROGRAMS);
export const DOWNLOADS = "/var/cache/nodewright";
export const LOCK = "/run/nodewright.lock";
/** While this file is there, a drill may end a run after a step (`drill.ts`). Gone at the next boot. */
export const DRILL = "/run/nodewright/drill";
/** What `serve` saw of the disks; its user owns the folder. */
export const DISK_SAMPLES = "/var/lib/nodewright-agent/disks.json";

const STATE = "/var/lib/nodewright";
/** What the last provision did, and how far it came. */
export const JOURNAL = `${STATE}/provision.json`;
/** What this and earlier documents put on the host. */
export const MANIFEST = `${STATE}/manifest.json`;
/** What each unit was last started with. */
export const STARTS = `${STATE}/units.json`;
/** What was ever changed, by whom, a line each. Only added to. */
export const AUDIT = AUDIT_TRAIL;
/** Until when the certificates among its secrets are good. */
export const CERTIFICATES = `${STATE}/certificates.json`;
/** The last snapshot and backup of this host, for its status. */
export const SNAPSHOT_STATE = `${STATE}/snapshots.json`;
export const BACKUP_STATE = `${STATE}/backups.json`;
/** The last good bundles, each under its hash, and their order. */
export const KEPT = `${STATE}/bundles`;
export const KEPT_ORDER = `${STATE}/bundles.json`;

export { PROGRAMS };

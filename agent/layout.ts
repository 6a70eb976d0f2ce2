import { dirname } from "node:path";
import { PROGRAMS } from "../components/core/services/service";

/** Where things lie on a host. */
export const BUNDLE = "/etc/nodewright/bundle.json";
export const UNITS = "/etc/systemd/system";
export const CREDENTIALS = "/etc/credstore.encrypted";
export const SOFTWARE = dirname(PROGRAMS);
export const DOWNLOADS = "/var/cache/nodewright";
export const AUDIT = "/var/log/nodewright/audit.jsonl";
export const LOCK = "/run/nodewright.lock";

const STATE = "/var/lib/nodewright";
/** What the last provision did, and how far it came. */
export const JOURNAL = `${STATE}/provision.json`;
/** What this and earlier documents put on the host. */
export const MANIFEST = `${STATE}/manifest.json`;
/** What each unit was last started with. */
export const STARTS = `${STATE}/units.json`;

export { PROGRAMS };

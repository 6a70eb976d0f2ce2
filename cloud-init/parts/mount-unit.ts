import { megabytesOf } from "../../components/core/config/units";
import type { Tmpfs } from "../../components/core/services/service";
import type { Unit } from "../document";
import { printUnit } from "../emit/systemd-unit";

/** Name of the unit that mounts a path, as systemd wants it (`systemd-escape --path`). */
export function mountName({ path }: Tmpfs): string {
  if (!/^(\/[a-z0-9_]+)+$/.test(path)) throw new RangeError(`${path}: not a path that needs no escapes`);
  return `${path.slice(1).replaceAll("/", "-")}.mount`;
}

/**
 * A file system in memory for one user. Not `noexec`: nodeos' compiled contracts (EOS VM OC) lie beside its state and are run from
 * there; it ends at its start without that right.
 */
export const mountUnit = (tmpfs: Tmpfs, { user, summary }: { user: string; summary: string }): Unit => ({
  name: mountName(tmpfs),
  service: `${user}-tmpfs`,
  content: printUnit({
    Unit: [["Description", `${summary}: its file system in memory`]],
    Mount: [
      ["What", "tmpfs"],
      ["Where", tmpfs.path],
      ["Type", "tmpfs"],
      ["Options", `size=${megabytesOf(tmpfs.size)}m,mode=0700,uid=${user},gid=${user},nosuid,nodev`],
      // A change of the plan takes it away before the service that still uses it is started anew.
      ["LazyUnmount", true],
    ],
    Install: [["WantedBy", "multi-user.target"]],
  }),
  onChange: "reload",
  reads: [],
  runs: [],
  secrets: [],
});

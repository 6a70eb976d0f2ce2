import { printUnit } from "../../emit/systemd-unit";
import { type Part, SYSTEMCTL, settingsUnit } from "./part";

/** Low in the order, of which journald takes the last: an image or an operator may set other limits. */
const PATH = "/etc/systemd/journald.conf.d/05-nodewright.conf";

const CONTENT = printUnit({
  Journal: [
    // Kept over a reboot: the log of the night is what explains the morning.
    ["Storage", "persistent"],
    ["Compress", true],
    ["SystemMaxUse", "2G"],
    ["SystemKeepFree", "1G"],
    ["MaxRetentionSec", "3month"],
    // nodeos writes thousands of lines while it replays; a flood beyond this is a fault, and is counted in the log.
    ["RateLimitIntervalSec", "30s"],
    ["RateLimitBurst", 20_000],
  ],
});

/** Logs that last and never fill the disk of the system. */
export function journald(): Part {
  const files = [{ path: PATH, content: CONTENT, mode: "0644" }];
  const run = [[SYSTEMCTL, "try-restart", "systemd-journald.service"]];
  return {
    packages: [],
    files,
    units: [settingsUnit({ name: "journald", summary: "limits of the journal", files, run })],
  };
}

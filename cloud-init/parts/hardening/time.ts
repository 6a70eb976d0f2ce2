import { printWordLines } from "../../emit/word-lines";
import { type Part, type Surroundings, SYSTEMCTL, settingsUnit } from "./part";

/** Four operators in four networks, with authenticated time (NTS, RFC 8915): one that lies is outvoted. */
const PUBLIC = ["time.cloudflare.com", "nts.netnod.se", "ptbtime1.ptb.de", "ntppool1.time.nl"];

/**
 * chrony, beside the pool of its package. The server of the cloud itself is preferred: it is one hop away, needs no way
 * out, and is what the cloud's own logs go by.
 */
export function time({ traits: { timeServers = [] } }: Surroundings): Part {
  const files = [
    {
      path: "/etc/chrony/sources.d/nodewright.sources",
      content: printWordLines([
        ...timeServers.map((server) => [
          "server",
          server,
          "prefer",
          "iburst",
          "minpoll",
          "4",
          "maxpoll",
          "4",
        ]),
        ...PUBLIC.map((server) => ["server", server, "iburst", "nts"]),
      ]),
      mode: "0644",
    },
    {
      path: "/etc/chrony/conf.d/nodewright.conf",
      content: printWordLines([
        {
          why: "By default no clock is kept where authenticated servers are configured and none can be reached",
        },
        ["authselectmode", "ignore"],
        { why: "chronyc as root speaks to it by its own socket" },
        ["cmdport", "0"],
      ]),
      mode: "0644",
    },
  ];
  const run = [[SYSTEMCTL, "try-restart", "chronyd.service"]];
  return {
    packages: ["chrony"],
    files,
    units: [settingsUnit({ name: "time", summary: "sources of time", files, run })],
  };
}

import { printUnit } from "../../emit/systemd-unit";
import { printWordLines } from "../../emit/word-lines";
import { LOGIN } from "../../login";
import type { Part, Surroundings } from "./part";

/**
 * Nobody else reads the operator's folder, and no crash leaves memory on a disk: neither of who logs in (limits.conf(5)), nor of a service (coredump.conf(5)).
 */
export const logins = ({ traits: { keepsLogins = false } }: Surroundings): Part => ({
  packages: [],
  // Where logins stay, ours may be an account that was there before, with a folder elsewhere.
  directories: keepsLogins ? [] : [{ path: `/home/${LOGIN}`, owner: LOGIN, mode: "0750" }],
  files: [
    {
      path: "/etc/security/limits.d/nodewright.conf",
      content: printWordLines([["*", "hard", "core", "0"]]),
      mode: "0644",
    },
    {
      path: "/etc/systemd/coredump.conf.d/nodewright.conf",
      content: printUnit({
        Coredump: [
          ["Storage", "none"],
          ["ProcessSizeMax", 0],
        ],
      }),
      mode: "0644",
    },
  ],
  units: [],
});

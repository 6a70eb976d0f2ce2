import { printWordLines } from "../../emit/word-lines";
import { type Part, settingsUnit } from "./part";

/** What is watched for writes and for changed owners and modes, by the key that `ausearch -k` finds it with. */
const WATCHED: Readonly<Record<string, readonly string[]>> = {
  identity: ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow"],
  sudo: ["/etc/sudoers", "/etc/sudoers.d/"],
  ssh: ["/etc/ssh/"],
  units: ["/etc/systemd/system/"],
  apt: ["/etc/apt/"],
  audit: ["/etc/audit/"],
  nodewright: ["/etc/nodewright/", "/opt/nodewright/", "/usr/lib/nodewright/", "/var/lib/nodewright/"],
  secrets: ["/etc/credstore.encrypted/"],
};

/** Rules of calls. Only such as are rare on a node: auditing each connection or file would cost it blocks. */
const CALLS: readonly (readonly [key: string, calls: string, ...filters: string[]])[] = [
  ["time", "adjtimex,settimeofday,clock_settime", "-F", "auid!=unset"],
  ["modules", "init_module,finit_module,delete_module"],
  ["mounts", "mount,umount2", "-F", "auid>=1000", "-F", "auid!=unset"],
];

const CONTENT = printWordLines([
  // A folder that is not there yet must not end the loading of the rules behind it.
  ["-c"],
  // Room for bursts; where that is not enough, events are lost and counted rather than the node stopped.
  ["-b", "8192"],
  ["-f", "1"],
  ["--backlog_wait_time", "0"],
  ...Object.entries(WATCHED).flatMap(([key, paths]) =>
    paths.map((path) => ["-w", path, "-p", "wa", "-k", key]),
  ),
  ...CALLS.map(([key, calls, ...filters]) => [
    "-a",
    "always,exit",
    "-F",
    "arch=b64",
    "-S",
    calls,
    ...filters,
    "-k",
    key,
  ]),
  // What an operator runs as root, by the person who logged in.
  [
    "-a",
    "always,exit",
    "-F",
    "arch=b64",
    "-S",
    "execve",
    "-F",
    "euid=0",
    "-F",
    "auid>=1000",
    "-F",
    "auid!=unset",
    "-k",
    "root",
  ],
]);

/** Who changed what on a host, in the kernel's own record. */
export function audit(): Part {
  // Behind the package's own audit.rules, in whose place some of these lines stand: the last one counts.
  const files = [{ path: "/etc/audit/rules.d/nodewright.rules", content: CONTENT, mode: "0640" }];
  return {
    packages: ["auditd"],
    files,
    units: [
      settingsUnit({
        name: "audit",
        summary: "audit rules",
        files,
        run: [["/sbin/augenrules", "--load"]],
        writes: "/etc/audit /tmp",
        capabilities: "CAP_AUDIT_CONTROL",
      }),
    ],
  };
}

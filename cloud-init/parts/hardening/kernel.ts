import { printWordLines, type WordLine } from "../../emit/word-lines";
import { type Part, SYSTEMCTL, settingsUnit } from "./part";

const CHAPTERS: readonly (readonly [why: string, settings: Readonly<Record<string, number>>])[] = [
  [
    "The kernel keeps its addresses and its log to root (docs.kernel.org/admin-guide/sysctl/kernel)",
    {
      "kernel.kptr_restrict": 2,
      "kernel.dmesg_restrict": 1,
      "kernel.unprivileged_bpf_disabled": 1,
      "kernel.yama.ptrace_scope": 2,
      "kernel.perf_event_paranoid": 3,
      "kernel.kexec_load_disabled": 1,
      "kernel.sysrq": 0,
      "dev.tty.ldisc_autoload": 0,
    },
  ],
  [
    "A host that has crashed comes back by itself after ten seconds, where it would stand still for ever (the same page)",
    { "kernel.panic": 10 },
  ],
  [
    "Files of others are no way in, and no crash leaves a key on disk (docs.kernel.org/admin-guide/sysctl/fs)",
    {
      "fs.protected_fifos": 2,
      "fs.protected_hardlinks": 1,
      "fs.protected_regular": 2,
      "fs.protected_symlinks": 1,
      "fs.suid_dumpable": 0,
    },
  ],
  [
    "Our firewall knows the cluster by its addresses, so a packet must come from where answers go (RFC 3704, strict)",
    { "net.ipv4.conf.all.rp_filter": 1, "net.ipv4.conf.default.rp_filter": 1 },
  ],
  [
    "Nobody else tells a host its routes (docs.kernel.org/networking/ip-sysctl); router advertisements stay, IPv6 on clouds needs them",
    {
      "net.ipv4.conf.all.accept_redirects": 0,
      "net.ipv4.conf.default.accept_redirects": 0,
      "net.ipv4.conf.all.secure_redirects": 0,
      "net.ipv4.conf.default.secure_redirects": 0,
      "net.ipv4.conf.all.send_redirects": 0,
      "net.ipv4.conf.default.send_redirects": 0,
      "net.ipv4.conf.all.accept_source_route": 0,
      "net.ipv4.conf.default.accept_source_route": 0,
      "net.ipv4.conf.all.log_martians": 1,
      "net.ipv4.conf.default.log_martians": 1,
      "net.ipv6.conf.all.accept_redirects": 0,
      "net.ipv6.conf.default.accept_redirects": 0,
      "net.ipv6.conf.all.accept_source_route": 0,
      "net.ipv6.conf.default.accept_source_route": 0,
    },
  ],
  [
    "A flood of half-open connections, forged errors and old segments (the same page; RFC 4987, RFC 1337)",
    {
      "net.ipv4.tcp_syncookies": 1,
      "net.ipv4.tcp_rfc1337": 1,
      "net.ipv4.icmp_echo_ignore_broadcasts": 1,
      "net.ipv4.icmp_ignore_bogus_error_responses": 1,
      "net.core.bpf_jit_harden": 2,
    },
  ],
];

const lines = CHAPTERS.flatMap(([why, settings]): WordLine[] => [
  { why },
  ...Object.entries(settings).map(([key, value]) => [key, "=", String(value)]),
]);

/** Protocols that no service of ours speaks and whose modules load by themselves when anyone opens a socket; FireWire. */
const UNUSED = ["dccp", "sctp", "rds", "tipc", "firewire-core", "firewire-ohci", "firewire-sbp2"];

/** Settings of the kernel, each with its source. Never where hosts share a kernel: some would reach the machine itself. */
export function kernel(): Part {
  const files = [{ path: "/etc/sysctl.d/60-nodewright.conf", content: printWordLines(lines), mode: "0644" }];
  const run = [[SYSTEMCTL, "restart", "systemd-sysctl.service"]];
  const modules = printWordLines(UNUSED.map((name) => ["install", name, "/bin/false"]));
  return {
    packages: [],
    files: [...files, { path: "/etc/modprobe.d/nodewright.conf", content: modules, mode: "0644" }],
    units: [settingsUnit({ name: "kernel", summary: "settings of the kernel", files, run })],
  };
}

import type { OperatingSystem } from "./operating-system";

/** RHEL 9 and what is built from it. They differ in name and support alone. */
const rebuild = (id: string, title: string): OperatingSystem => ({
  name: `${id}-9`,
  title,
  family: "rhel",
  matches: (found) => found.id === id && found.version.split(".")[0] === "9",
  packageManager: "dnf",
  packages: { auditd: "audit", "libarchive-tools": "bsdtar", "unattended-upgrades": "dnf-automatic" },
  // Neither in BaseOS nor in AppStream (Red Hat's package manifest of 9).
  absent: [
    ...["certbot", "etcd-server", "fail2ban", "knot", "restic"],
    ...["prometheus", "prometheus-alertmanager", "prometheus-node-exporter"],
  ],
  init: "systemd",
  credentials: "encrypted",
  masked: ["firewalld.service"],
  support: "partial",
  lacks: [
    "SELinux: we bring no policy. HAProxy reaches no upstream before `setsebool -P haproxy_connect_any on`",
    "security updates: dnf-automatic is installed, but its timer and what it takes are yours to set",
    "time: chrony keeps the servers of its own package, ours are for the layout of Debian",
    "no run on a real host of it is part of our tests",
  ],
});

export const rhelSystems: readonly OperatingSystem[] = [
  rebuild("rhel", "Red Hat Enterprise Linux 9"),
  rebuild("rocky", "Rocky Linux 9"),
  rebuild("almalinux", "AlmaLinux 9"),
];

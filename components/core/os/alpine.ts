import type { OperatingSystem } from "./operating-system";

/** Known, so that it can be refused with its reasons rather than as a stranger. */
export const alpine: OperatingSystem = {
  name: "alpine-3",
  title: "Alpine Linux 3",
  family: "alpine",
  matches: ({ id, version }) => id === "alpine" && version.split(".")[0] === "3",
  packageManager: "apk",
  packages: { auditd: "audit", "rsyslog-gnutls": "rsyslog-tls" },
  absent: ["etcd-server", "prometheus-alertmanager", "prometheus-node-exporter", "unattended-upgrades"],
  init: "openrc",
  credentials: "plain",
  masked: [],
  support: "none",
  lacks: [
    "OpenRC in place of systemd: our services are systemd units, and nothing would start them",
    "no encrypted credentials, which systemd keeps our secrets in",
    "musl in place of glibc: nodeos, the EVM node and Node.js as we install them do not start",
  ],
};

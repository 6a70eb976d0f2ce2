import type { Role } from "./role";

/** Watches every host of the stack, and keeps what it saw. */
export const monitor = {
  name: "monitor",
  summary: "watches the hosts: metrics, alerts and logs",
  services: ["prometheus", "alertmanager", "log-store", "etcd", "agent", "node-exporter"],
  hardware: {
    cores: 2,
    memory: "4 GB",
    ecc: false,
    disk: "50 GB",
    source: "Prometheus, Storage (1–2 bytes a sample): 100 hosts for 90 days, thrice over",
  },
  requires: [],
  settings: {},
  peersWith: [],
  exposes: {},
  named: true,
  scales: false,
} satisfies Role;

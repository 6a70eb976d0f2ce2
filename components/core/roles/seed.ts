import { FULL_NODE } from "../hardware/hardware";
import type { Role } from "./role";

/** A public p2p relay: what the world and the operator's other hosts connect to. */
export const seed = {
  name: "seed",
  summary: "public p2p relay",
  services: ["nodeos", "snapshots", "dns", "etcd", "agent", "node-exporter", "logs"],
  hardware: FULL_NODE,
  requires: [],
  settings: {},
  peersWith: ["seed"],
  exposes: { p2p: "public" },
  named: true,
  scales: false,
} satisfies Role;

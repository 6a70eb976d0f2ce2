import { FULL_NODE } from "../hardware/hardware";
import type { Role } from "./role";

/** Follows the chain in irreversible mode and serves nobody: what others are restored from comes from here. */
export const backup = {
  name: "backup",
  summary: "snapshots, backups and restore drills, from a native node in irreversible mode",
  services: ["nodeos", "evm-node", "snapshots", "backups", "etcd", "agent", "node-exporter", "logs"],
  // The guides' third machine (evm-public-docs, deployments_plan_for_CEX): 8 cores, 128 GB, 3 TB. Memory as the network asks.
  hardware: { ...FULL_NODE, cores: 8, disk: "3 TB" },
  requires: [{ role: "seed", why: "its nodeos follows the chain through a relay of the stack" }],
  settings: {},
  peersWith: ["seed"],
  // It is stopped for every backup: nobody may come to rely on it.
  exposes: { p2p: "loopback", http: "loopback" },
  named: false,
  scales: false,
} satisfies Role;

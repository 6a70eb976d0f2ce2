import { FULL_NODE } from "../hardware/hardware";
import type { Role } from "./role";

/** Keeps everything from before the EVM genesis, and gives it to the cluster: blocks, state history, traces. */
export const archive = {
  name: "archive",
  summary: "whole history: blocks, state history and EVM traces",
  services: ["nodeos", "snapshots", "evm-node", "evm-rpc", "etcd", "agent", "node-exporter", "logs"],
  // The guides' backup machine keeps a day of copies in 3 TB; an archive keeps every block besides
  // (evm-public-docs, deployments_plan_for_CEX).
  hardware: { ...FULL_NODE, cores: 8, disk: "4 TB" },
  requires: [{ role: "seed", why: "its nodeos follows the chain through a relay of the stack" }],
  settings: {},
  peersWith: ["seed"],
  exposes: { p2p: "public", ship: "cluster", "rpc-1": "cluster" },
  named: true,
  scales: false,
} satisfies Role;

import { FULL_NODE } from "../hardware/hardware";
import type { Role } from "./role";

/** The whole TrustEVM service in one machine, as the deployment plan describes it. */
export const rpc = {
  name: "rpc",
  summary: "TrustEVM service: native node, EVM node, EVM RPC, transaction wrapper, proxy",
  services: [
    "nodeos",
    "snapshots",
    "evm-node",
    "evm-rpc",
    "tx-wrapper",
    "proxy",
    "agent",
    "node-exporter",
    "logs",
  ],
  // The virtual chain asks for 8 cores beside nodeos (evm-public-docs, deployments_plan_for_CEX).
  hardware: { ...FULL_NODE, cores: 8 },
  requires: [{ role: "seed", why: "its nodeos follows the chain through a relay of the stack" }],
  settings: {},
  peersWith: ["seed"],
  exposes: {},
  named: true,
  scales: true,
} satisfies Role;

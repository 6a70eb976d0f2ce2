import type { Role } from "./role";

/** The whole TrustEVM service in one machine, as the deployment plan describes it. */
export const rpc = {
  name: "rpc",
  summary: "TrustEVM service: native node, EVM node, EVM RPC, transaction wrapper, proxy",
  services: ["nodeos", "evm-node", "evm-rpc", "tx-wrapper", "proxy", "agent"],
  hardware: {
    cores: 8,
    memory: "64 GB",
    disk: "2 TB",
    source: "TrustEVM deployment plan, hardware requirements (EOS)",
  },
  requires: [{ role: "seed", why: "its nodeos follows the chain through a relay of the stack" }],
  settings: {},
  peersWith: ["seed"],
} satisfies Role;

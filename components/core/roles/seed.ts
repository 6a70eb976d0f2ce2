import type { Role } from "./role";

/** A public p2p relay: what the world and the operator's other hosts connect to. */
export const seed = {
  name: "seed",
  summary: "public p2p relay",
  services: ["nodeos", "agent"],
  hardware: {
    cores: 4,
    memory: "64 GB",
    disk: "2 TB",
    source: "TrustEVM deployment plan, hardware requirements (EOS)",
  },
  requires: [],
  settings: {},
  peersWith: ["seed"],
} satisfies Role;

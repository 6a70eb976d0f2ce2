import { FULL_NODE, type Role } from "./role";

/** A public p2p relay: what the world and the operator's other hosts connect to. */
export const seed = {
  name: "seed",
  summary: "public p2p relay",
  services: ["nodeos", "agent"],
  hardware: FULL_NODE,
  requires: [],
  settings: {},
  peersWith: ["seed"],
} satisfies Role;

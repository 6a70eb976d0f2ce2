import { z } from "zod";
import { FULL_NODE } from "../hardware/hardware";
import type { Role } from "./role";

/** A block producer. Hidden: it opens connections to the operator's own relays and accepts none. */
export const validator = {
  name: "validator",
  summary: "block producer, hidden",
  services: ["nodeos", "agent", "node-exporter", "logs"],
  // WebAssembly runs on one thread: the guides ask for a strong one (evm-public-docs, deployments_plan_for_CEX).
  hardware: { ...FULL_NODE, clock: 3 },
  requires: [
    {
      role: "seed",
      why: "a validator accepts no connection, so it reaches the chain through a relay of its own",
    },
  ],
  settings: {
    producer: z
      .string()
      .regex(/^[a-z1-5.]{1,12}$/, "is no account name: up to 12 of a–z, 1–5 and dots")
      .describe("Producer account that the chain's schedule names."),
    /** Public half of this host's signing key. The private half is the secret `<host>/signing-key`. */
    signingKey: z
      .string()
      .regex(/^(PUB_K1_|EOS)[1-9A-HJ-NP-Za-km-z]{48,52}$/, "is no public key: PUB_K1_… or EOS…")
      .optional(),
  },
  peersWith: ["seed"],
  // The producer API stays on the host itself.
  exposes: { p2p: "loopback", http: "loopback" },
  named: false,
  scales: false,
} satisfies Role;

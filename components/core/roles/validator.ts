import { z } from "zod";
import { failoverConfig } from "../failover/config";
import { FULL_NODE } from "../hardware/hardware";
import type { Role } from "./role";

const publicKey = z
  .string()
  .regex(/^(PUB_K1_|EOS)[1-9A-HJ-NP-Za-km-z]{48,52}$/, "is no public key: PUB_K1_… or EOS…");

/** A block producer. Hidden: it opens connections to the operator's own relays and accepts none. */
export const validator = {
  name: "validator",
  summary: "block producer, hidden",
  services: ["nodeos", "etcd", "failover", "agent", "node-exporter", "logs"],
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
    signingKey: publicKey.optional(),
    signingKeys: z
      .record(z.string(), publicKey)
      .optional()
      .describe(
        "Host → public half of its own signing key, in place of `signingKey` where there are several hosts. The private half is the secret `<host>/signing-key`.",
      ),
    failover: failoverConfig
      .optional()
      .describe(
        "How the hosts of this entry take turns, or { none: why } they do not. Default for a count of 2 or more: all defaults.",
      ),
  },
  peersWith: ["seed"],
  // The producer API stays on the host itself.
  exposes: { p2p: "loopback", http: "loopback" },
  named: false,
  scales: false,
} satisfies Role;

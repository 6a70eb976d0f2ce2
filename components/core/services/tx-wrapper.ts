import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { defineService, evmOf, PROGRAMS } from "./service";

const settings = z.strictObject({
  port: portSchema.default(18888).describe("Default 18888, as upstream documents."),
  account: z
    .string()
    .regex(/^[a-z1-5.]{1,12}$/, "is no account name: up to 12 of a–z, 1–5 and dots")
    .default("evmminer1111")
    .describe("Native account that signs and pays for EVM transactions. Default evmminer1111."),
  permission: z.string().default("active").describe("Permission of that account. Default active."),
});

/** Native key of the account above. */
export const MINER_KEY = "miner-key";

const START = "/usr/lib/nodewright/tx-wrapper-start";

// eos-evm-miner takes its key from the environment only. Read here it is in no unit file, argv or journal.
const START_SCRIPT = `#!/bin/sh
set -eu
PRIVATE_KEY=$(cat "$CREDENTIALS_DIRECTORY/${MINER_KEY}")
export PRIVATE_KEY
exec ${PROGRAMS}/eos-evm-miner
`;

/** The transaction wrapper (eos-evm-miner 1.0.1): takes signed EVM transactions to the native chain. */
export const txWrapper = defineService({
  name: "tx-wrapper",
  summary: "takes signed EVM transactions to the chain",
  settings,
  onEvm: true,
  keyed: true,
  // It cannot be told which address to bind and takes all; the firewall keeps it to whom it serves.
  listeners: ({ port }, { writesForOthers }) => [
    tcp("wrapper", port, writesForOthers ? "cluster" : "loopback"),
  ],
  plan: ({ settings, listeners, listenersOf, ...context }) => [
    {
      service: "tx-wrapper",
      unit: "tx-wrapper",
      summary: "Transaction wrapper",
      user: "wrapper",
      exec: [START],
      environment: {
        PORT: String(settings.port),
        MINER_ACCOUNT: settings.account,
        MINER_PERMISSION: settings.permission,
        EVM_ACCOUNT: evmOf(context).account,
        EVM_SCOPE: evmOf(context).account,
        EXPIRE_SEC: "60",
        // Several are parted by "|": the README says comma, the code reads this (eos-evm-miner src/index.ts).
        RPC_ENDPOINTS: listenersOf("nodeos")
          .filter((listener) => listener.name === "http")
          .map((http) => `http://127.0.0.1:${http.port}`)
          .join("|"),
      },
      programs: ["eos-evm-miner"],
      files: [{ path: START, content: { format: "script", text: START_SCRIPT } }],
      listeners,
      secrets: [MINER_KEY],
      after: ["nodeos.service"],
      onChange: "restart",
      stop: { timeoutSeconds: 30 },
      health: { kind: "tcp", port: settings.port },
    },
  ],
});

import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { DATA, defineService, evmOf, PROGRAMS } from "./service";

export const CHAIN_DATA = `${DATA}/evm`;
const GENESIS = "/etc/evm-node/genesis.json";

const settings = z.strictObject({
  port: portSchema
    .default(8080)
    .describe("gRPC for evm-rpc, loopback only. Default 8080, eos-evm-node's own."),
});

/** TrustEVM-node: follows nodeos over SHIP and builds the virtual EVM chain. Flags: eos-evm-node 1.0.6 `--help`. */
export const evmNode = defineService({
  name: "evm-node",
  summary: "TrustEVM-node, builds the EVM chain from nodeos",
  settings,
  onEvm: true,
  listeners: ({ port }) => [tcp("grpc", port, "loopback")],
  plan: ({ settings: { port }, listeners, listenersOf, ...context }) => [
    {
      service: "evm-node",
      unit: "evm-node",
      summary: "TrustEVM-node",
      user: "evm",
      exec: [
        `${PROGRAMS}/eos-evm-node`,
        "--plugin=blockchain_plugin",
        ...listenersOf("nodeos")
          .filter((listener) => listener.name === "ship")
          .map((ship) => `--ship-endpoint=127.0.0.1:${ship.port}`),
        `--ship-core-account=${evmOf(context).account}`,
        // Both are off by default: eos-evm-node then ends, with status 0, at the first lost connection.
        "--ship-max-retry=1000000",
        "--ship-delay-second=2",
        `--engine-port=127.0.0.1:${port}`,
        `--chain-data=${CHAIN_DATA}`,
        `--genesis-json=${GENESIS}`,
        "--verbosity=4",
        "--stdout=1",
        "--nocolor=1",
      ],
      programs: ["eos-evm-node"],
      files: [{ path: GENESIS, content: { format: "json", value: evmOf(context).genesis } }],
      listeners,
      data: CHAIN_DATA,
      after: ["nodeos.service"],
      onChange: "restart",
      stop: { timeoutSeconds: 120 },
      health: { kind: "tcp", port },
    },
  ],
});

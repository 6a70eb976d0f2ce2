import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { evmGeneration } from "./evm-generation";
import { DATA, defineService, evmOf, PROGRAMS } from "./service";

export const CHAIN_DATA = `${DATA}/evm`;
const GENESIS = "/etc/evm-node/genesis.json";

const settings = z.strictObject({
  port: portSchema
    .default(8080)
    .describe("gRPC for evm-rpc, loopback only. Default 8080, eos-evm-node's own."),
});

/** TrustEVM-node: follows nodeos over SHIP and builds the virtual EVM chain, by the name that the release lock brings it. */
export const evmNode = defineService({
  name: "evm-node",
  summary: "TrustEVM-node, builds the EVM chain from nodeos",
  settings,
  onEvm: true,
  listeners: ({ port }) => [tcp("grpc", port, "loopback")],
  plan: ({ settings: { port }, listeners, listenersOf, ...context }) => {
    const { node, logFlags, retryFlags } = evmGeneration(context);
    return [
      {
        service: "evm-node",
        unit: "evm-node",
        summary: "TrustEVM-node",
        user: "evm",
        exec: [
          `${PROGRAMS}/${node}`,
          "--plugin=blockchain_plugin",
          ...listenersOf("nodeos")
            .filter((listener) => listener.name === "ship")
            .map((ship) => `--ship-endpoint=127.0.0.1:${ship.port}`),
          `--ship-core-account=${evmOf(context).account}`,
          ...retryFlags,
          `--engine-port=127.0.0.1:${port}`,
          `--chain-data=${CHAIN_DATA}`,
          `--genesis-json=${GENESIS}`,
          ...logFlags,
        ],
        programs: [node],
        files: [{ path: GENESIS, content: { format: "json", value: evmOf(context).genesis } }],
        listeners,
        data: CHAIN_DATA,
        after: ["nodeos.service"],
        onChange: "restart",
        stop: { timeoutSeconds: 120 },
        health: { kind: "tcp", port },
      },
    ];
  },
});

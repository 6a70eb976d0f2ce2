import { z } from "zod";
import { portSchema } from "../config/units";
import { type Listener, tcp } from "../network/listener";
import { evmGeneration } from "./evm-generation";
import { CHAIN_DATA } from "./evm-node";
import { defineService, PROGRAMS } from "./service";

const settings = z.strictObject({
  port: portSchema
    .default(8881)
    .describe(
      "Port of the first process; each further one takes the next. Default 8881, as upstream documents.",
    ),
  instances: z
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe("Processes on one chain database. Default 1."),
  apis: z
    .array(z.enum(["debug", "eth", "net", "trace", "txpool", "web3"]))
    .min(1)
    .default(["eth", "net", "web3"])
    .describe("API namespaces it answers. Default eth, net, web3."),
});

/** It binds one address: IPv4, as the cluster network always has. */
const BIND = { loopback: "127.0.0.1", cluster: "0.0.0.0", admin: "0.0.0.0", public: "0.0.0.0" };

const listeners = ({ port, instances }: z.output<typeof settings>): Listener[] =>
  Array.from({ length: instances }, (_, index) => tcp(`rpc-${index + 1}`, port + index, "loopback"));

/** TrustEVM-RPC: the read-only Ethereum JSON-RPC over evm-node's database, by the name that the release lock brings it. */
export const evmRpc = defineService({
  name: "evm-rpc",
  summary: "TrustEVM-RPC, answers Ethereum reads",
  settings,
  onEvm: true,
  listeners,
  plan: ({ settings, listeners: own, listenersOf, brings }) => {
    const { rpc, nodeFlag, logFlags } = evmGeneration({ brings });
    return own.map((listener, index) => ({
      service: "evm-rpc",
      unit: `evm-${listener.name}`,
      summary: `TrustEVM-RPC ${index + 1}`,
      user: "evm",
      exec: [
        `${PROGRAMS}/${rpc}`,
        `--api-spec=${settings.apis.join(",")}`,
        `--http-port=${BIND[listener.exposure]}:${listener.port}`,
        // Its own default is a port where nothing listens.
        ...listenersOf("evm-node").map((grpc) => `${nodeFlag}=127.0.0.1:${grpc.port}`),
        `--chaindata=${CHAIN_DATA}`,
        ...logFlags,
      ],
      programs: [rpc],
      files: [],
      listeners: [listener],
      data: CHAIN_DATA,
      after: ["evm-node.service"],
      onChange: "restart" as const,
      stop: { timeoutSeconds: 30 },
      health: { kind: "json-rpc" as const, url: `http://127.0.0.1:${listener.port}` },
    }));
  },
});

import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { evmGeneration } from "./evm-generation";
import { DATA, defineService, evmOf, PROGRAMS, type ServiceContext } from "./service";

export const CHAIN_DATA = `${DATA}/evm`;
const GENESIS = "/etc/evm-node/genesis.json";

/** Settings of the supervisor: `nodewright-host evm-node run` (agent/evm). */
const SUPERVISOR = "/etc/nodewright/evm-node.json";
/** How it ends after giving up. EX_CONFIG: no code of eos-evm-node's. */
const GAVE_UP = 78;
/** A day without a planned restart in it makes no copy; guides copy once a day. */
const COPY_AFTER_HOURS = 20;

const settings = z.strictObject({
  port: portSchema
    .default(8080)
    .describe("gRPC for evm-rpc, loopback only. Default 8080, eos-evm-node's own."),
  sources: z
    .enum(["cluster", "host"])
    .default("cluster")
    .describe(
      "Where blocks may come from while the host's own nodeos is away: hosts of the stack that give state history to the cluster, or nobody else. Default cluster.",
    ),
  patience: z
    .number()
    .int()
    .min(5)
    .default(60)
    .describe("Seconds that the host's own nodeos may be away before another one is taken. Default 60."),
  copies: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe("Copies of the chain data kept on the data disk, made at a planned restart. Default 2."),
});

type Context = ServiceContext<z.output<typeof settings>>;

/** This host's own nodeos, then those that let the cluster read their state history. */
function sourcesOf({ settings: { sources }, listenersOf, elsewhere }: Context) {
  const own = (name: string) => listenersOf("nodeos").find((listener) => listener.name === name)?.port;
  const others = sources === "host" ? [] : elsewhere("nodeos", "ship");
  const http = new Map(elsewhere("nodeos", "http").map((remote) => [remote.host, remote]));
  return [
    { name: "this host", ship: `127.0.0.1:${own("ship")}`, http: `http://127.0.0.1:${own("http")}` },
    ...others.flatMap(({ host, name, port, exposure }) => {
      const api = http.get(host);
      if (!api || exposure === "loopback" || api.exposure === "loopback") return [];
      return [{ name: host, ship: `${name}:${port}`, http: `http://${api.name}:${api.port}` }];
    }),
  ];
}

/** All but `--ship-endpoint`, which the supervisor adds. */
function command(context: Context): string[] {
  const { node, logFlags, retryFlags } = evmGeneration(context);
  return [
    `${PROGRAMS}/${node}`,
    "--plugin=blockchain_plugin",
    `--ship-core-account=${evmOf(context).account}`,
    ...retryFlags,
    `--engine-port=127.0.0.1:${context.settings.port}`,
    `--chain-data=${CHAIN_DATA}`,
    `--genesis-json=${GENESIS}`,
    ...logFlags,
  ];
}

function supervisorSettings(context: Context) {
  const { settings, network, listenersOf } = context;
  const { chainId, genesis } = evmOf(context);
  const [rpc] = listenersOf("evm-rpc");
  const fact = (name: string) => String(genesis[name]);
  return {
    exec: command(context),
    chainData: CHAIN_DATA,
    genesis: GENESIS,
    evm: { chainId, nonce: fact("nonce"), timestamp: fact("timestamp"), mixHash: fact("mixHash") },
    ...(network.native.chainId === undefined ? {} : { nativeChainId: network.native.chainId }),
    sources: sourcesOf(context),
    patienceSeconds: settings.patience,
    copies: settings.copies,
    copyAfterHours: COPY_AFTER_HOURS,
    ...(rpc ? { rpc: `http://127.0.0.1:${rpc.port}` } : {}),
  };
}

/** TrustEVM-node: follows nodeos over SHIP and builds the virtual EVM chain, under the agent's supervision. */
export const evmNode = defineService({
  name: "evm-node",
  summary: "TrustEVM-node, builds the EVM chain from nodeos",
  settings,
  onEvm: true,
  listeners: ({ port }) => [tcp("grpc", port, "loopback")],
  plan: (context) => [
    {
      service: "evm-node",
      unit: "evm-node",
      summary: "TrustEVM-node",
      user: "evm",
      exec: [`${PROGRAMS}/nodewright-host`, "evm-node", "run"],
      // Not the agent: a new one must not restart the chain.
      programs: [evmGeneration(context).node],
      files: [
        { path: GENESIS, content: { format: "json", value: evmOf(context).genesis } },
        { path: SUPERVISOR, content: { format: "json", value: supervisorSettings(context) } },
      ],
      listeners: context.listeners,
      data: CHAIN_DATA,
      keepsState: true,
      after: ["nodeos.service"],
      onChange: "restart",
      stop: { timeoutSeconds: 120 },
      finalExits: [GAVE_UP],
      health: { kind: "tcp", port: context.settings.port },
    },
  ],
});

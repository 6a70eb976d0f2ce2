import { z } from "zod";
import { portSchema } from "../config/units";
import { ETCD } from "../failover/plan";
import { bindAddress, tcp } from "../network/listener";
import { AUTHORITY, IDENTITY, TLS_SECRETS } from "../tls/certificate";
import { DATA, defineService, type ServiceContext } from "./service";

const UNIT = "nodewright-etcd";
const CONFIG = `/etc/${UNIT}/etcd.yml`;
const STORE = `${DATA}/etcd`;
const CREDENTIALS = `/run/credentials/${UNIT}.service`;

const settings = z.strictObject({
  clientPort: portSchema
    .default(2379)
    .describe("Port for the agents of validators, with certificates. Default 2379."),
  peerPort: portSchema.default(2380).describe("Port for the other members, with certificates. Default 2380."),
  metricsPort: portSchema.default(2381).describe("Port of metrics and health, without. Default 2381."),
  join: z
    .enum(["new", "existing"])
    .default("new")
    .describe(
      "`existing` for a member that lost its data and was added anew (docs/failover.md). Default new: the members begin together.",
    ),
});

type Context = ServiceContext<z.output<typeof settings>>;

/** Both ways, everyone shows a certificate of the stack's authority. */
const TLS = {
  "cert-file": `${CREDENTIALS}/${IDENTITY}`,
  "key-file": `${CREDENTIALS}/${IDENTITY}`,
  "trusted-ca-file": `${CREDENTIALS}/${AUTHORITY}`,
  "client-cert-auth": true,
};

function configuration({ stack, host, clusterName, settings: given, elsewhere }: Context) {
  const { clientPort, peerPort, metricsPort, join } = given;
  const any = bindAddress("cluster");
  const peers = [{ host, name: clusterName, port: peerPort }, ...elsewhere(ETCD, "etcd-peers")];
  return {
    name: host,
    "data-dir": STORE,
    "listen-client-urls": `https://${any}:${clientPort}`,
    "advertise-client-urls": `https://${clusterName}:${clientPort}`,
    "listen-peer-urls": `https://${any}:${peerPort}`,
    "initial-advertise-peer-urls": `https://${clusterName}:${peerPort}`,
    "listen-metrics-urls": `http://${any}:${metricsPort}`,
    // In one order on every member, or each would think that it was told of another cluster.
    "initial-cluster": peers
      .map((peer) => `${peer.host}=https://${peer.name}:${peer.port}`)
      .sort()
      .join(","),
    "initial-cluster-token": stack,
    "initial-cluster-state": join,
    "client-transport-security": TLS,
    "peer-transport-security": TLS,
    // The JSON interface that the agent speaks. On by default as a flag, and off where a file is read (etcd 3.4).
    "enable-grpc-gateway": true,
    "auto-compaction-mode": "periodic",
    "auto-compaction-retention": "1h",
    logger: "zap",
    "log-level": "warn",
  };
}

/** The quorum that decides which validator produces. From the packages of the operating system; it needs 3.4. */
export const etcd = defineService({
  name: ETCD,
  summary: "quorum of the failover",
  settings,
  keyed: true,
  failover: "member",
  listeners: ({ clientPort, peerPort, metricsPort }) => [
    tcp("etcd", clientPort, "cluster"),
    tcp("etcd-peers", peerPort, "cluster"),
    { ...tcp("etcd-metrics", metricsPort, "cluster"), scraped: true },
  ],
  plan: (context) => [
    {
      service: ETCD,
      unit: UNIT,
      summary: "etcd",
      user: UNIT,
      exec: ["/usr/bin/etcd", "--config-file", CONFIG],
      programs: [],
      packages: ["etcd-server"],
      masked: ["etcd.service"],
      files: [{ path: CONFIG, content: { format: "yaml", value: configuration(context) } }],
      listeners: context.listeners,
      secrets: [...TLS_SECRETS],
      data: STORE,
      onChange: "restart",
      stop: { timeoutSeconds: 30 },
      // Not its health: alone, a member waits for the others, and that must not hold up its host.
      health: { kind: "tcp", port: context.settings.metricsPort },
    },
  ],
});

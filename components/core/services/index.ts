import { agent } from "./agent";
import { alertmanager } from "./alertmanager";
import { backups } from "./backups";
import { dns } from "./dns";
import { etcd } from "./etcd";
import { evmNode } from "./evm-node";
import { evmRpc } from "./evm-rpc";
import { failover } from "./failover";
import { logStore } from "./log-store";
import { logs } from "./logs";
import { nodeExporter } from "./node-exporter";
import { nodeos } from "./nodeos";
import { prometheus } from "./prometheus";
import { proxy } from "./proxy";
import type { Service } from "./service";
import { snapshots } from "./snapshots";
import { txWrapper } from "./tx-wrapper";

/** Every service a role can name. One file and one line each. */
export const services: readonly Service[] = [
  nodeos,
  evmNode,
  evmRpc,
  txWrapper,
  proxy,
  dns,
  prometheus,
  alertmanager,
  logStore,
  snapshots,
  backups,
  etcd,
  failover,
  agent,
  nodeExporter,
  logs,
];

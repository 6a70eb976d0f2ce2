import { stringify } from "yaml";
import { type Birth, emitBirth } from "../../../cloud-init/emit/user-data";
import { dataName, machineName, networkName } from "../../core/naming";
import { type Address, type DualAddress, gatewayOf, type Subnet } from "../../core/network/address";
import { knownAddress } from "../../core/network/address-ref";
import type { HostPlan, Plan } from "../../core/plan/plan";
import { DATA } from "../../core/services/service";
import type { DockerConfig } from "./config";

/** Where a host finds the mirror's folder. */
export const MIRROR_ON_HOST = "/srv/nodewright/mirror";
/** Where cloud-init's NoCloud data source looks. */
const SEED = "/var/lib/cloud/seed/nocloud";

/** Everything the engine creates, as plain data. */
export interface DockerStack {
  networks: NetworkArgs[];
  hosts: ContainerArgs[];
}

export interface NetworkArgs {
  key: "public" | "cluster";
  name: string;
  subnet: Subnet;
  gateway: DualAddress;
  /** Whether it has no way out. */
  internal: boolean;
  labels: Record<string, string>;
}

export interface ContainerArgs {
  host: HostPlan;
  name: string;
  hostname: string;
  volume: { name: string; path: string };
  attachments: { network: "public" | "cluster"; address: Address; aliases: string[] }[];
  ports: { internal: number; external: number }[];
  /** Put into the container before its first start. */
  seed: { file: string; content: string }[];
  labels: Record<string, string>;
  /** Seconds until Docker kills it: longer than its slowest service may take to stop. */
  stopSeconds: number;
  birth: Birth;
}

export function renderDocker(plan: Plan): DockerStack {
  const config = plan.target.config as DockerConfig;
  const { cluster, public: outside } = config.networks;
  const labels = { ...config.labels, "nodewright.stack": plan.stack };
  const network = (key: NetworkArgs["key"], subnet: Subnet, internal: boolean): NetworkArgs => ({
    key,
    name: networkName(plan.stack, key),
    subnet,
    gateway: gatewayOf(subnet),
    internal,
    labels,
  });
  return {
    networks: [network("public", outside, false), network("cluster", cluster, true)],
    hosts: plan.hosts.map((host) => renderHost(plan, host, config.publish, labels)),
  };
}

function renderHost(
  plan: Plan,
  host: HostPlan,
  publish: DockerConfig["publish"],
  labels: Record<string, string>,
): ContainerArgs {
  const birth = emitBirth(plan, host);
  const name = machineName(plan.stack, host.name);
  return {
    host,
    name,
    hostname: host.name,
    volume: { name: dataName(plan.stack, host.name), path: DATA },
    attachments: [
      { network: "public", address: knownAddress(host.addresses.public), aliases: [] },
      { network: "cluster", address: knownAddress(host.addresses.cluster), aliases: [host.clusterName] },
    ],
    ports: Object.entries(publish[host.name] ?? {}).flatMap(([listener, external]) => {
      const internal = host.listeners.find((each) => each.name === listener)?.port;
      return internal === undefined ? [] : [{ internal, external }];
    }),
    seed: [
      { file: `${SEED}/user-data`, content: birth.userData },
      { file: `${SEED}/meta-data`, content: stringify({ "instance-id": name, "local-hostname": host.name }) },
      // Docker has configured the network; cloud-init would wait a minute for DHCP.
      { file: `${SEED}/network-config`, content: stringify({ config: "disabled" }) },
    ],
    labels: { ...labels, "nodewright.host": host.name, "nodewright.role": host.role },
    stopSeconds: Math.max(...host.services.map(({ stop }) => stop.timeoutSeconds)) + 30,
    birth,
  };
}

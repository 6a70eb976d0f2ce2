import { clusterName, machineName } from "../../core/naming";
import { addressOf, gatewayOf } from "../../core/network/address";
import { knownAddress } from "../../core/network/address-ref";
import type { HostPlan } from "../../core/plan/plan";
import type { Provisioner } from "../provisioner";
import type { Target } from "../target";
import { checkDocker } from "./check";
import { type DockerConfig, dockerConfig } from "./config";
import { MIRROR_ON_HOST } from "./render";

/** Hosts as systemd containers on one Docker engine: the lab, and tests of anything a real host would do. */
export const docker: Target<typeof dockerConfig> = {
  name: "docker",
  summary: "systemd containers on one Docker engine",
  config: dockerConfig,
  traits: {
    // Docker has none: this keeps the document from growing unseen. The hosts of the lab stay below the 16 KiB of AWS.
    userDataBytes: 65_536,
    firewall: false,
    ownKernel: false,
    floors: false,
    scaling: false,
    names: "hosts",
    storesBundles: false,
  },
  where: ({ host }) =>
    host === undefined ? "systemd containers on this machine" : `systemd containers on ${host}`,
  zones: ({ networks: { cluster } }) => {
    const gateway = gatewayOf(cluster);
    return {
      cluster: [cluster.ipv4, cluster.ipv6],
      // The machine itself, at its end of the cluster network's bridge.
      admin: [`${gateway.ipv4}/32`, `${gateway.ipv6}/128`],
      probes: [],
    };
  },
  mirror: () => `file://${MIRROR_ON_HOST}`,
  place: ({ networks }, { stack, host }) => ({
    placement: {
      addresses: { public: addressOf(networks.public, host), cluster: addressOf(networks.cluster, host) },
      clusterName: clusterName(stack, host),
      machine: `container ${machineName(stack, host)}`,
      cost: [],
    },
  }),
  sharedCost: () => [],
  check: checkDocker,
  endpoint,
  load: loadEngineCode,
};

/** By `require`: Pulumi compiles programs with settings of its own, under which `import()` does not find TypeScript. */
function loadEngineCode(): Provisioner {
  return (require("./provision") as typeof import("./provision")).provisionDocker;
}

function endpoint({ publish }: DockerConfig, host: HostPlan, name: string): string | undefined {
  const listener = host.listeners.find((each) => each.name === name);
  const published = publish[host.name]?.[name];
  if (published !== undefined) return `http://127.0.0.1:${published}`;
  // The machine stands in the cluster network, at its gateway.
  return listener?.exposure === "cluster" && name === "http"
    ? `http://${knownAddress(host.addresses.cluster).ipv4}:${listener.port}`
    : undefined;
}

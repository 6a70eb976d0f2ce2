import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../core/config/finding";
import { knownAddress } from "../../../core/network/address-ref";
import type { Provisioner } from "../../provisioner";
import type { DockerConfig } from "../config";
import { type NetworkArgs, renderDocker } from "../render";
import { DockerHost, labelArgs } from "./host";

/** Creates the networks and hosts of a plan on a Docker engine. */
export const provisionDocker: Provisioner = (plan, secrets) => {
  const { host, image, mirror } = plan.target.config as DockerConfig;
  if (image === undefined)
    throw new UserError(
      `target.docker.image is missing: \`npm run lab -- --stack ${plan.stack}\` builds one and gives it`,
    );
  const { networks, hosts } = renderDocker(plan);
  const provider = new docker.Provider("docker", host === undefined ? {} : { host });
  const created = Object.fromEntries(
    networks.map((network) => [network.key, createNetwork(network, provider)]),
  );
  return {
    hosts: Object.fromEntries(
      hosts.map((args) => {
        const made = new DockerHost(
          args.host.name,
          { args, networks: created, image, mirror, protect: plan.protect, secrets },
          { provider },
        );
        const { role, addresses } = args.host;
        const outputs = {
          role,
          machine: made.machine,
          addresses: {
            public: knownAddress(addresses.public).ipv4,
            cluster: knownAddress(addresses.cluster).ipv4,
          },
          ...made.told,
        };
        return [args.host.name, outputs];
      }),
    ),
  };
};

const createNetwork = (
  { key, name, subnet, gateway, internal, labels }: NetworkArgs,
  provider: pulumi.ProviderResource,
) =>
  new docker.Network(
    key,
    {
      name,
      driver: "bridge",
      internal,
      ipv6: true,
      ipamConfigs: [
        { subnet: subnet.ipv4, gateway: gateway.ipv4 },
        { subnet: subnet.ipv6, gateway: gateway.ipv6 },
      ],
      labels: labelArgs(labels),
    },
    { provider },
  );

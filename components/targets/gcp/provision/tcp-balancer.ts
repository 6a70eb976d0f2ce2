import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";

/** What a pool gives a balancer to stand before. */
export interface Backend {
  /** Name of the group, and of what is made for it. */
  name: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** URL of the instance group. */
  group: pulumi.Input<string>;
  /** TCP port that members serve. */
  port: pulumi.Input<number>;
  /** Port that answers `GET /healthz`. */
  healthPort: pulumi.Input<number>;
  /** The region's check of it. */
  health: pulumi.Input<string>;
}

/** Seconds that a member which goes has for what it began: longer than the proxy takes. */
export const DRAINS = 60;

/** Passes TCP through as it is, and with it the clients' addresses; answers its own address. */
export function tcpBalancer(
  name: string,
  args: Backend,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const address = new compute.Address(
    `${name}-address`,
    { name: args.name, region: args.region, addressType: "EXTERNAL" },
    opts,
  );
  const backend = new compute.RegionBackendService(
    `${name}-backend`,
    {
      name: args.name,
      region: args.region,
      loadBalancingScheme: "EXTERNAL",
      protocol: "TCP",
      healthChecks: args.health,
      backends: [{ group: args.group, balancingMode: "CONNECTION" }],
      connectionDrainingTimeoutSec: DRAINS,
    },
    opts,
  );
  new compute.ForwardingRule(
    `${name}-balancer`,
    {
      name: args.name,
      region: args.region,
      loadBalancingScheme: "EXTERNAL",
      ipProtocol: "TCP",
      ports: [pulumi.interpolate`${args.port}`],
      ipAddress: address.address,
      backendService: backend.id,
    },
    opts,
  );
  return address.address;
}

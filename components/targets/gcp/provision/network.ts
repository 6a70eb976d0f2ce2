import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";

export interface NetworkArgs {
  name: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** Range of the hosts' subnet, IPv4. */
  hosts: pulumi.Input<string>;
  /** Range of the subnet for members of pools. Default: no such subnet. */
  pools?: pulumi.Input<string>;
  /** Whether machines without a public address get a way out. */
  nat: boolean;
}

/**
 * A VPC network of the stack's own, with a subnet for hosts, one for pools, and a way out. IPv4 alone: what Google
 * gives a subnet in IPv6 is known after it is made only, and no plan could name it in a firewall.
 */
export class Network extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly hosts: pulumi.Output<string>;
  readonly pools: pulumi.Output<string> | undefined;
  /** The way out: what a machine without a public address needs from its first boot on. */
  readonly wayOut: pulumi.Resource[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nodewright:gcp:Network", name, {}, opts);
    const network = new compute.Network(
      `${name}-network`,
      { name: args.name, autoCreateSubnetworks: false, routingMode: "REGIONAL" },
      { parent: this },
    );
    const subnet = (part: string, range: pulumi.Input<string>) =>
      new compute.Subnetwork(
        `${name}-${part}`,
        {
          name: pulumi.interpolate`${args.name}-${part}`,
          network: network.id,
          region: args.region,
          ipCidrRange: range,
          // Cloud Storage, where the mirror is, without the NAT and its price a gigabyte.
          privateIpGoogleAccess: true,
        },
        { parent: this },
      );
    this.hosts = subnet("hosts", args.hosts).id;
    this.pools = args.pools === undefined ? undefined : subnet("pools", args.pools).id;
    this.wayOut = args.nat ? [this.createNat(name, args, network)] : [];
    this.id = network.id;
    this.registerOutputs({ id: this.id, hosts: this.hosts, pools: this.pools });
  }

  private createNat(name: string, args: NetworkArgs, network: compute.Network): compute.RouterNat {
    const router = new compute.Router(
      `${name}-router`,
      { name: args.name, network: network.id, region: args.region },
      { parent: this },
    );
    return new compute.RouterNat(
      `${name}-nat`,
      {
        name: args.name,
        router: router.name,
        region: args.region,
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      },
      { parent: this },
    );
  }
}

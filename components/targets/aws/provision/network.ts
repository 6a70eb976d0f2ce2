import * as ec2 from "@pulumi/aws/ec2";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { ipv6Subnet, type SubnetPlan } from "../network";
import type { NetworkArgs } from "../render";

type ZoneArgs = NetworkArgs["zones"][number];
type Side = "public" | "private";

/** The stack's network: IPv4 and IPv6, in each zone a subnet that the world can reach and one that it cannot. */
export class Network extends pulumi.ComponentResource {
  readonly vpc: pulumi.Output<string>;
  /** Ids of the subnets, by zone. */
  readonly subnets: Record<Side, Record<string, pulumi.Output<string>>>;
  /** The way to S3 that stays in the network. */
  readonly s3: pulumi.Output<string>;
  /** The zone of the hosts' names. */
  readonly names: pulumi.Output<string>;
  private readonly args: NetworkArgs & { region: string };
  private readonly block: ec2.Vpc;

  constructor(name: string, args: NetworkArgs & { region: string }, opts: pulumi.ComponentResourceOptions) {
    super("nodewright:aws:Network", name, {}, opts);
    this.args = args;
    this.block = new ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: args.ipv4,
        assignGeneratedIpv6CidrBlock: true,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: args.name },
      },
      { parent: this },
    );
    this.vpc = this.block.id;
    const subnets = args.zones.map((zone) => ({
      zone,
      public: this.subnet(name, zone, "public"),
      private: this.subnet(name, zone, "private"),
    }));
    const tables = this.routes(name, subnets);
    const byZone = (side: Side) => Object.fromEntries(subnets.map((each) => [each.zone.zone, each[side].id]));
    this.subnets = { public: byZone("public"), private: byZone("private") };
    this.s3 = this.endpoint(name, tables);
    this.names = this.zone(name);
    this.registerOutputs({ vpc: this.vpc });
  }

  /** One subnet, the upper half of it kept for hosts, whose addresses the plan fixes. */
  private subnet(name: string, { zone, ...sides }: ZoneArgs, side: Side): ec2.Subnet {
    const { ipv4, hosts, ipv6Number }: SubnetPlan = sides[side];
    const subnet = new ec2.Subnet(
      `${name}-${side}-${zone}`,
      {
        vpcId: this.vpc,
        availabilityZone: zone,
        cidrBlock: ipv4,
        ipv6CidrBlock: this.block.ipv6CidrBlock.apply((block) => ipv6Subnet(block, ipv6Number)),
        assignIpv6AddressOnCreation: true,
        tags: { Name: `${this.args.name}-${side}-${zone}` },
      },
      { parent: this },
    );
    new ec2.SubnetCidrReservation(
      `${name}-${side}-${zone}-hosts`,
      { subnetId: subnet.id, cidrBlock: hosts, reservationType: "explicit", description: "hosts, by name" },
      { parent: this },
    );
    return subnet;
  }

  /** Ways out. Private hosts answer what they asked for, and nothing begins a connection to them. */
  private routes(
    name: string,
    subnets: readonly { zone: ZoneArgs; public: ec2.Subnet; private: ec2.Subnet }[],
  ): ec2.RouteTable[] {
    const within = { parent: this };
    const vpcId = this.vpc;
    const gateway = new ec2.InternetGateway(`${name}-gateway`, { vpcId }, within);
    const outward = new ec2.EgressOnlyInternetGateway(`${name}-outward`, { vpcId }, within);
    const open = new ec2.RouteTable(`${name}-public`, { vpcId }, within);
    const gatewayId = gateway.id;
    this.route(`${name}-public-ipv4`, open, { destinationCidrBlock: "0.0.0.0/0", gatewayId });
    this.route(`${name}-public-ipv6`, open, { destinationIpv6CidrBlock: "::/0", gatewayId });
    const shut = subnets.map((each) => {
      const { zone } = each.zone;
      const table = new ec2.RouteTable(`${name}-private-${zone}`, { vpcId }, within);
      this.associate(`${name}-public-${zone}`, open, each.public);
      this.associate(`${name}-private-${zone}`, table, each.private);
      this.route(`${name}-private-${zone}-ipv6`, table, {
        destinationIpv6CidrBlock: "::/0",
        egressOnlyGatewayId: outward.id,
      });
      if (each.zone.hasNat)
        this.route(`${name}-private-${zone}-ipv4`, table, {
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId: this.nat(name, each.zone, each.public, gateway),
        });
      return table;
    });
    return [open, ...shut];
  }

  private route(name: string, table: ec2.RouteTable, to: Omit<ec2.RouteArgs, "routeTableId">): void {
    new ec2.Route(name, { routeTableId: table.id, ...to }, { parent: this });
  }

  private associate(name: string, table: ec2.RouteTable, subnet: ec2.Subnet): void {
    const args = { routeTableId: table.id, subnetId: subnet.id };
    new ec2.RouteTableAssociation(name, args, { parent: this });
  }

  private nat(
    name: string,
    { zone, nat }: ZoneArgs,
    subnet: ec2.Subnet,
    gateway: ec2.InternetGateway,
  ): pulumi.Output<string> {
    const opts = { parent: this, dependsOn: [gateway] };
    const address = new ec2.Eip(`${name}-nat-${zone}`, { domain: "vpc" }, opts);
    const args = { allocationId: address.id, subnetId: subnet.id, privateIp: nat };
    return new ec2.NatGateway(`${name}-nat-${zone}`, args, opts).id;
  }

  private endpoint(name: string, tables: readonly ec2.RouteTable[]): pulumi.Output<string> {
    return new ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: this.vpc,
        serviceName: `com.amazonaws.${this.args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: tables.map(({ id }) => id),
      },
      { parent: this },
    ).id;
  }

  private zone(name: string): pulumi.Output<string> {
    return new route53.Zone(
      `${name}-names`,
      {
        name: this.args.domain,
        comment: "hosts of the stack",
        vpcs: [{ vpcId: this.vpc, vpcRegion: this.args.region }],
      },
      { parent: this },
    ).zoneId;
  }
}

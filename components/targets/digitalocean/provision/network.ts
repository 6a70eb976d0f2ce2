import { Firewall } from "@pulumi/digitalocean/firewall";
import { Tag } from "@pulumi/digitalocean/tag";
import { Vpc } from "@pulumi/digitalocean/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { DigitalOceanStack, FirewallArgs } from "../render";

type NetworkArgs = Pick<DigitalOceanStack, "region" | "network" | "tags" | "firewalls">;

const ANYWHERE = { destinationAddresses: ["0.0.0.0/0", "::/0"] };
const OUTBOUND = [
  { protocol: "tcp", portRange: "1-65535", ...ANYWHERE },
  { protocol: "udp", portRange: "1-65535", ...ANYWHERE },
  { protocol: "icmp", ...ANYWHERE },
];

/** What droplets stand in: the VPC, and for each group a firewall that finds its droplets by their tag. */
export class Network extends pulumi.ComponentResource {
  readonly vpc: pulumi.Output<string>;
  private readonly firewalls: ReadonlyMap<string, Firewall>;

  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("nodewright:digitalocean:Network", name, {}, opts);
    const { region, network, tags, firewalls } = args;
    this.vpc =
      network.existing === undefined
        ? new Vpc(`${name}-vpc`, { name: network.name, region, ipRange: network.range }, { parent: this }).id
        : pulumi.output(network.existing);
    // Named by the plan, so that a tag is known at preview; the order is said apart.
    const tagged = [tags.stack, ...tags.groups].map((tag) => new Tag(tag, { name: tag }, { parent: this }));
    this.firewalls = new Map(
      firewalls.map((firewall) => [firewall.group, this.createFirewall(firewall, tagged)]),
    );
    this.registerOutputs({ vpc: this.vpc });
  }

  /** The firewall of a group, to wait for: a droplet that is born before it would be open. */
  firewallOf(group: string): Firewall {
    const found = this.firewalls.get(group);
    if (!found) throw new Error(`no firewall was made for "${group}"`);
    return found;
  }

  private createFirewall({ group, name, tag, inbound }: FirewallArgs, tagged: Tag[]): Firewall {
    return new Firewall(
      `${group}-firewall`,
      { name, tags: [tag], inboundRules: inbound, outboundRules: OUTBOUND },
      { parent: this, dependsOn: tagged },
    );
  }
}

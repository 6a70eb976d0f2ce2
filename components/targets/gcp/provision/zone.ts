import * as dns from "@pulumi/gcp/dns";
import * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../render";

export interface ZoneArgs {
  /** Of the managed zone, unique in the project. */
  name: string;
  /** Without a dot at its end. */
  domain: string;
  /** Network whose machines alone can ask. Default: anybody can. */
  network?: pulumi.Input<string>;
  /** Name of a managed zone that is there already. Default: one is made. */
  existing?: string;
  ttl: number;
  /** IPv4 addresses by whole name. */
  records: readonly { name: string; addresses: readonly pulumi.Input<string>[] }[];
  labels: Labels;
}

/** Names of the stack, in a managed zone of its own or in one that is there already. */
export class Zone extends pulumi.ComponentResource {
  /** To delegate the domain to. Absent where the zone was there already. */
  readonly nameServers: pulumi.Output<string[]> | undefined;

  constructor(name: string, args: ZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nodewright:gcp:Zone", name, {}, opts);
    const made = args.existing === undefined ? this.createZone(name, args) : undefined;
    for (const { name: whole, addresses } of args.records)
      new dns.RecordSet(
        `${name}-${whole}`,
        {
          managedZone: made?.name ?? args.existing ?? args.name,
          name: `${whole}.`,
          type: "A",
          ttl: args.ttl,
          rrdatas: [...addresses],
        },
        { parent: this },
      );
    this.nameServers = made?.nameServers;
    this.registerOutputs({ nameServers: this.nameServers });
  }

  private createZone(name: string, { name: zone, domain, network, labels }: ZoneArgs): dns.ManagedZone {
    return new dns.ManagedZone(
      `${name}-zone`,
      {
        name: zone,
        dnsName: `${domain}.`,
        description: `Names of nodewright hosts`,
        labels,
        ...(network === undefined
          ? { visibility: "public" }
          : {
              visibility: "private",
              privateVisibilityConfig: { networks: [{ networkUrl: network }] },
            }),
      },
      { parent: this },
    );
  }
}

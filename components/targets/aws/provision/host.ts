import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { ATTACHED_AS, ROOT_DISK } from "../disk";
import type { IngressRule } from "../firewall";
import { ingress } from "./access";

/** What a host is made of. Everything that may be created elsewhere comes as an input: no plan is needed. */
export interface HostArgs {
  /** Instance type: `r6i.2xlarge`. */
  machine: pulumi.Input<string>;
  /** Image of its birth. A later change of it reaches no machine. */
  image: pulumi.Input<string>;
  vpc: pulumi.Input<string>;
  subnet: pulumi.Input<string>;
  /** The subnet's zone, for the data disk: `eu-central-1a`. */
  zone: pulumi.Input<string>;
  /** Private IPv4 address. Default: one that AWS chooses. */
  address?: pulumi.Input<string>;
  /** Whether it has a public IPv4 address that stays. Costs 3.65 USD a month. Default no. */
  isPublic?: boolean;
  /** Who may reach it. Default: only what the further groups admit. */
  rules?: readonly IngressRule[];
  /** Further security groups. One of them must let it out. */
  groups?: pulumi.Input<string>[];
  /** Name of the instance profile. Default none. */
  profile?: pulumi.Input<string>;
  /** Up to 16 KiB, seen by anyone on the host: no secret. Birth only. */
  userData: pulumi.Input<string>;
  disk: DiskArgs;
  /** Whether the machine and its data refuse to be deleted. Default true. */
  protect?: boolean;
  tags?: Record<string, pulumi.Input<string>>;
}

export interface DiskArgs {
  /** GiB. */
  size: pulumi.Input<number>;
  /** `gp3` or `io2`. */
  type: pulumi.Input<string>;
  iops?: pulumi.Input<number>;
  /** MiB a second. */
  throughput?: pulumi.Input<number>;
}

/** A machine with a data disk that outlives it, a firewall of its own and, if the world shall know it, an address that stays. */
export class Host extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly privateIp: pulumi.Output<string>;
  /** Undefined where the world does not reach it. */
  readonly publicIp: pulumi.Output<string> | undefined;
  readonly ipv6: pulumi.Output<string>;
  /** The data disk's attachment: who needs the data depends on it. */
  readonly attached: pulumi.Resource;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("nodewright:aws:Host", name, {}, opts);
    const within = { parent: this };
    const { disk, zone, protect = true, tags = {} } = args;
    const volume = new ebs.Volume(
      `${name}-data`,
      { availabilityZone: zone, encrypted: true, ...disk, tags: { ...tags, Name: `${name}-data` } },
      { ...within, protect },
    );
    const machine = this.machine(name, args, this.group(name, args));
    const address = args.isPublic ? this.address(name, machine) : undefined;
    this.attached = new ec2.VolumeAttachment(
      `${name}-data`,
      // The disk goes only once the machine is down, with nothing half written.
      {
        instanceId: machine.id,
        volumeId: volume.id,
        deviceName: ATTACHED_AS,
        stopInstanceBeforeDetaching: true,
      },
      { ...within, deleteBeforeReplace: true },
    );
    this.id = machine.id;
    this.privateIp = machine.privateIp;
    this.publicIp = address;
    this.ipv6 = machine.ipv6Addresses.apply(([first = ""]) => first);
    this.registerOutputs({ id: this.id, privateIp: this.privateIp, publicIp: this.publicIp });
  }

  private group(name: string, { vpc, rules = [] }: HostArgs): pulumi.Output<string> {
    const within = { parent: this };
    const group = new ec2.SecurityGroup(name, { vpcId: vpc, description: `host ${name}` }, within);
    ingress(name, group.id, rules, within);
    return group.id;
  }

  private machine(name: string, args: HostArgs, group: pulumi.Output<string>): ec2.Instance {
    const { address, isPublic = false, groups = [], profile, protect = true, tags = {} } = args;
    return new ec2.Instance(
      `${name}-machine`,
      {
        instanceType: args.machine,
        ami: args.image,
        subnetId: args.subnet,
        ...(address === undefined ? {} : { privateIp: address }),
        ipv6AddressCount: 1,
        // For the minute until the lasting address is there: the host is being born meanwhile.
        associatePublicIpAddress: isPublic,
        vpcSecurityGroupIds: [...groups, group],
        ...(profile === undefined ? {} : { iamInstanceProfile: profile }),
        userData: args.userData,
        // Version 2 alone, and no further than the machine: a program that is made to ask gets nothing.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          volumeType: ROOT_DISK.type,
          volumeSize: ROOT_DISK.size,
          encrypted: true,
          deleteOnTermination: true,
          tags: { Name: `${name}-system` },
        },
        disableApiTermination: protect,
        tags: { Name: name, ...tags },
      },
      {
        parent: this,
        // Birth only. A change of these would replace the machine; what must reach a host later goes over SSH.
        ignoreChanges: ["userData", "ami", "keyName", "associatePublicIpAddress"],
        deleteBeforeReplace: true,
      },
    );
  }

  /** Associated apart from the machine, so that the address stays when the machine is another. */
  private address(name: string, machine: ec2.Instance): pulumi.Output<string> {
    const within = { parent: this };
    const eip = new ec2.Eip(`${name}-address`, { domain: "vpc", tags: { Name: name } }, within);
    new ec2.EipAssociation(
      `${name}-address`,
      { instanceId: machine.id, allocationId: eip.id },
      { ...within, deleteBeforeReplace: true },
    );
    return eip.publicIp;
  }
}

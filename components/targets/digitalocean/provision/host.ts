import { Droplet } from "@pulumi/digitalocean/droplet";
import { ReservedIp } from "@pulumi/digitalocean/reservedIp";
import { ReservedIpAssignment } from "@pulumi/digitalocean/reservedIpAssignment";
import { Volume } from "@pulumi/digitalocean/volume";
import { VolumeAttachment } from "@pulumi/digitalocean/volumeAttachment";
import * as pulumi from "@pulumi/pulumi";

/** One machine, without a plan: other programs may build on it. */
export interface HostArgs {
  /** Name of the droplet, and its first host name. At most 63 of letters, digits, dots and dashes. */
  name: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** Machine type: `m-8vcpu-64gb`. A change resizes in place, with the droplet off for minutes. */
  size: pulumi.Input<string>;
  /** Slug or number. Birth only. */
  image: pulumi.Input<string>;
  /** Id of the VPC. A change replaces the droplet, and keeps the volume. */
  vpc: pulumi.Input<string>;
  /** Fingerprints or numbers of keys in the account; without one root gets a password by mail. Birth only. */
  sshKeys: pulumi.Input<pulumi.Input<string>[]>;
  /** cloud-init's; at most 64 KiB, nothing secret. Birth only. */
  userData: pulumi.Input<string>;
  /** Firewalls find the droplet by them. Default none. */
  tags?: pulumi.Input<pulumi.Input<string>[]>;
  /** Name of the data disk, which the host finds at `/dev/disk/by-id/scsi-0DO_Volume_<name>`. A change replaces it. */
  volumeName: pulumi.Input<string>;
  /** GiB. It can grow, never shrink. */
  volumeSize: pulumi.Input<number>;
  /** Whether its public address outlives the droplet. Free while in use. Default false. */
  reserved?: boolean;
  /** Whether the data disk refuses to be deleted. Default true. */
  protect?: boolean;
}

/** A droplet, its data disk, and its address. */
export class Host extends pulumi.ComponentResource {
  /** Id of the droplet: another one is another machine. */
  readonly machine: pulumi.Output<string>;
  /** The public address that the world should use. */
  readonly address: pulumi.Output<string>;
  readonly address6: pulumi.Output<string>;
  /** Public address for a first contact: it is there as soon as the droplet is. */
  readonly ownAddress: pulumi.Output<string>;
  /** Address in the VPC. */
  readonly clusterAddress: pulumi.Output<string>;
  /** To wait for: before it the host has nowhere to keep its data. */
  readonly attachment: VolumeAttachment;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("nodewright:digitalocean:Host", name, {}, opts);
    const volume = new Volume(
      `${name}-data`,
      { name: args.volumeName, region: args.region, size: args.volumeSize, tags: args.tags },
      { parent: this, protect: args.protect ?? true },
    );
    const droplet = this.createDroplet(name, args, opts.dependsOn);
    const dropletId = droplet.id.apply(Number);
    this.attachment = new VolumeAttachment(
      `${name}-attachment`,
      { dropletId, volumeId: volume.id },
      { parent: this },
    );
    this.machine = droplet.id;
    this.ownAddress = droplet.ipv4Address;
    this.address6 = droplet.ipv6Address;
    this.clusterAddress = droplet.ipv4AddressPrivate;
    this.address = args.reserved ? this.reserve(name, args.region, dropletId) : droplet.ipv4Address;
    this.registerOutputs({ machine: this.machine, address: this.address });
  }

  private createDroplet(
    name: string,
    { name: hostName, region, size, image, vpc, sshKeys, userData, tags }: HostArgs,
    dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
  ): Droplet {
    return new Droplet(
      `${name}-machine`,
      {
        ...{ name: hostName, region, size, image, sshKeys, userData, tags, vpcUuid: vpc },
        ipv6: true,
        monitoring: true,
        // Cores and memory alone, which can be taken back; what shall last is on the volume.
        resizeDisk: false,
        gracefulShutdown: true,
      },
      {
        parent: this,
        // Birth only: DigitalOcean replaces the droplet for a change of any of them.
        ignoreChanges: ["userData", "image", "sshKeys"],
        // The volume can be at one droplet only.
        deleteBeforeReplace: true,
        ...(dependsOn === undefined ? {} : { dependsOn }),
      },
    );
  }

  private reserve(name: string, region: pulumi.Input<string>, dropletId: pulumi.Output<number>) {
    const reserved = new ReservedIp(`${name}-address`, { region }, { parent: this });
    new ReservedIpAssignment(
      `${name}-address-assignment`,
      { ipAddress: reserved.ipAddress, dropletId },
      { parent: this },
    );
    return reserved.ipAddress;
  }
}

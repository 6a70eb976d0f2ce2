import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";
import { hardwareArgs, METADATA, nicArgs, SCOPES } from "./machine";

export interface HostArgs {
  /** Name of the machine, unique in the project. */
  name: pulumi.Input<string>;
  /** Whole: `europe-west4-b`. */
  zone: pulumi.Input<string>;
  machineType: pulumi.Input<string>;
  /** Birth only: a later change is ignored. */
  image: pulumi.Input<string>;
  /** cloud-init's. Birth only: a later change is ignored. */
  userData: pulumi.Input<string>;
  subnetwork: pulumi.Input<string>;
  /** Address in the subnet. Default: one that the cloud draws. */
  address?: pulumi.Input<string>;
  /** Whether it gets a static public address. Default false. */
  isPublic?: boolean;
  /** Email of the service account that it runs as, and that firewall rules aim at. */
  serviceAccount: pulumi.Input<string>;
  bootDiskType?: pulumi.Input<string>;
  /** GB. Default 30. */
  bootDiskSize?: pulumi.Input<number>;
  dataDiskName: pulumi.Input<string>;
  dataDiskType: pulumi.Input<string>;
  /** GB. It may grow, in place; it cannot shrink. */
  dataDiskSize: pulumi.Input<number>;
  /** Of hyperdisks alone. */
  dataDiskIops?: pulumi.Input<number>;
  dataDiskThroughput?: pulumi.Input<number>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Whether machine and data refuse to be deleted. Default true. */
  protect?: boolean;
  /** Default false. */
  isBareMetal?: boolean;
}

/** One machine and its data disk, `/dev/disk/by-id/google-data` on it, encrypted as all of Google's disks are. */
export class Host extends pulumi.ComponentResource {
  readonly machine: pulumi.Output<string>;
  /** Another one when the machine is, though its name stays. */
  readonly instanceId: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  readonly publicAddress: pulumi.Output<string> | undefined;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("nodewright:gcp:Host", name, {}, opts);
    const data = this.createDisk(name, args);
    const outside = args.isPublic === true ? this.createAddress(name, args) : undefined;
    const instance = this.createMachine(name, args, data, outside, opts.dependsOn);
    this.machine = instance.name;
    this.instanceId = instance.instanceId;
    this.address = instance.networkInterfaces.apply(([first]) => first?.networkIp ?? "");
    this.publicAddress = outside?.address;
    this.registerOutputs({
      machine: this.machine,
      address: this.address,
      publicAddress: this.publicAddress,
    });
  }

  private createDisk(name: string, args: HostArgs): compute.Disk {
    const { dataDiskIops, dataDiskThroughput, labels, protect = true } = args;
    return new compute.Disk(
      `${name}-data`,
      {
        name: args.dataDiskName,
        zone: args.zone,
        type: args.dataDiskType,
        size: args.dataDiskSize,
        ...(dataDiskIops === undefined ? {} : { provisionedIops: dataDiskIops }),
        ...(dataDiskThroughput === undefined ? {} : { provisionedThroughput: dataDiskThroughput }),
        ...(labels === undefined ? {} : { labels }),
      },
      { parent: this, protect },
    );
  }

  /** It outlives the machine, so that names keep their answers. */
  private createAddress(name: string, { name: machine, zone, labels }: HostArgs): compute.Address {
    return new compute.Address(
      `${name}-address`,
      {
        name: machine,
        region: pulumi.output(zone).apply((whole) => whole.replace(/-[a-z]$/, "")),
        addressType: "EXTERNAL",
        ...(labels === undefined ? {} : { labels }),
      },
      { parent: this },
    );
  }

  private createMachine(
    name: string,
    args: HostArgs,
    data: compute.Disk,
    outside: compute.Address | undefined,
    dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
  ): compute.Instance {
    const { address, bootDiskType, labels, isBareMetal = false, protect = true } = args;
    return new compute.Instance(
      `${name}-machine`,
      {
        name: args.name,
        zone: args.zone,
        machineType: args.machineType,
        bootDisk: {
          initializeParams: {
            image: args.image,
            size: args.bootDiskSize ?? 30,
            ...(bootDiskType === undefined ? {} : { type: bootDiskType }),
          },
        },
        // Here and not by an AttachedDisk of its own: the first boot must find it.
        attachedDisks: [{ source: data.selfLink, deviceName: "data" }],
        networkInterfaces: [
          {
            subnetwork: args.subnetwork,
            ...(address === undefined ? {} : { networkIp: address }),
            ...(outside ? { accessConfigs: [{ natIp: outside.address }] } : {}),
            ...nicArgs(isBareMetal),
          },
        ],
        serviceAccount: { email: args.serviceAccount, scopes: SCOPES },
        ...hardwareArgs(isBareMetal),
        metadata: { ...METADATA, "user-data": args.userData },
        ...(labels === undefined ? {} : { labels }),
        deletionProtection: protect,
        // Another machine type or account: stopped and started, never replaced.
        allowStoppingForUpdate: true,
      },
      {
        parent: this,
        // Birth only. What must reach a host later goes over SSH.
        ignoreChanges: ["bootDisk", 'metadata["user-data"]'],
        // Name, address and disk are one machine's at a time.
        deleteBeforeReplace: true,
        ...(dependsOn === undefined ? {} : { dependsOn }),
      },
    );
  }
}

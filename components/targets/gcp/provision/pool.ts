import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";
import type { HttpsArgs } from "../https";
import { healthOf } from "./health";
import { httpsBalancer, PORT_NAME } from "./https-balancer";
import { hardwareArgs, METADATA, nicArgs, SCOPES } from "./machine";
import { tcpBalancer } from "./tcp-balancer";

export interface PoolArgs {
  /** Name of the group; machines get it and five characters more. */
  name: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** Whole: `europe-west4-b`. */
  zones: readonly string[];
  min: pulumi.Input<number>;
  max: pulumi.Input<number>;
  machineType: pulumi.Input<string>;
  image: pulumi.Input<string>;
  /** cloud-init's. A change replaces the members, new ones first, as many at a time as there are zones. */
  userData: pulumi.Input<string>;
  subnetwork: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  diskType: pulumi.Input<string>;
  /** GB, of the one disk that a member has. */
  diskSize: pulumi.Input<number>;
  diskIops?: pulumi.Input<number>;
  diskThroughput?: pulumi.Input<number>;
  /** TCP port that the balancer gives on. */
  port: pulumi.Input<number>;
  /** Port that answers `GET /healthz`. */
  healthPort: pulumi.Input<number>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Default false. */
  isBareMetal?: boolean;
  /** Default: the balancer passes TCP through as it is. */
  https?: HttpsArgs;
}

/** Seconds until a new member's processor says how busy the pool is, and how long it may take until it serves. */
const STARTS = 900;
const BUSY = 0.6;

/** Machines that are all the same, made by the cloud over several zones, behind a balancer. */
export class Pool extends pulumi.ComponentResource {
  /** Address of the balancer. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: PoolArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("nodewright:gcp:Pool", name, {}, opts);
    const health = new compute.RegionHealthCheck(
      `${name}-health`,
      {
        name: args.name,
        region: args.region,
        ...healthOf(args.healthPort),
      },
      { parent: this },
    );
    const template = this.createTemplate(name, args);
    const group = this.createGroup(name, args, template, health, opts.dependsOn);
    new compute.RegionAutoscaler(
      `${name}-scaling`,
      {
        name: args.name,
        region: args.region,
        target: group.id,
        autoscalingPolicy: {
          minReplicas: args.min,
          maxReplicas: args.max,
          cooldownPeriod: STARTS,
          cpuUtilization: { target: BUSY },
        },
      },
      { parent: this },
    );
    const { region, port, healthPort, https } = args;
    const backend = { name: args.name, group: group.instanceGroup, health: health.id };
    const behind = { ...backend, ...{ region, port, healthPort } };
    this.address = https
      ? httpsBalancer(name, behind, https, { parent: this })
      : tcpBalancer(name, behind, { parent: this });
    this.registerOutputs({ address: this.address });
  }

  /** Templates cannot change, so nothing stands in it that a new version of the software does. */
  private createTemplate(name: string, args: PoolArgs): compute.InstanceTemplate {
    const { diskIops, diskThroughput, labels, isBareMetal = false } = args;
    return new compute.InstanceTemplate(
      `${name}-template`,
      {
        // Not a name: the next one must be there before the group lets go of this one.
        namePrefix: pulumi.output(args.name).apply((group) => `${group.slice(0, 36)}-`),
        machineType: args.machineType,
        disks: [
          {
            boot: true,
            autoDelete: true,
            sourceImage: args.image,
            diskType: args.diskType,
            diskSizeGb: args.diskSize,
            ...(diskIops === undefined ? {} : { provisionedIops: diskIops }),
            ...(diskThroughput === undefined ? {} : { provisionedThroughput: diskThroughput }),
          },
        ],
        networkInterfaces: [{ subnetwork: args.subnetwork, ...nicArgs(isBareMetal) }],
        serviceAccount: { email: args.serviceAccount, scopes: SCOPES },
        ...hardwareArgs(isBareMetal),
        metadata: METADATA,
        ...(labels === undefined ? {} : { labels }),
      },
      { parent: this },
    );
  }

  private createGroup(
    name: string,
    args: PoolArgs,
    template: compute.InstanceTemplate,
    health: compute.RegionHealthCheck,
    dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
  ): compute.RegionInstanceGroupManager {
    return new compute.RegionInstanceGroupManager(
      `${name}-group`,
      {
        name: args.name,
        baseInstanceName: args.name,
        region: args.region,
        distributionPolicyZones: [...args.zones],
        ...(args.https ? { namedPorts: [{ name: PORT_NAME, port: args.port }] } : {}),
        versions: [{ instanceTemplate: template.selfLink }],
        // Comes over the template's metadata, and unlike that may change in place.
        allInstancesConfig: { metadata: { "user-data": args.userData } },
        updatePolicy: {
          type: "PROACTIVE",
          // User data is read at a first boot alone, so new user data takes a new machine.
          minimalAction: "REPLACE",
          replacementMethod: "SUBSTITUTE",
          instanceRedistributionType: "PROACTIVE",
          // A regional group takes no fewer than one a zone.
          maxSurgeFixed: args.zones.length,
          maxUnavailableFixed: 0,
        },
        autoHealingPolicies: { healthCheck: health.id, initialDelaySec: STARTS },
        // Health decides over traffic, and when a new member is ready. It does not kill: while the chain stands still no
        // member is healthy, and new ones would have to catch up from the start. A machine that is gone comes again.
        instanceLifecyclePolicy: { defaultActionOnFailure: "REPAIR", onFailedHealthCheck: "DO_NOTHING" },
      },
      {
        parent: this,
        // The autoscaler's.
        ignoreChanges: ["targetSize"],
        ...(dependsOn === undefined ? {} : { dependsOn }),
      },
    );
  }
}

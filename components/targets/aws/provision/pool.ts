import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { ATTACHED_AS, ROOT_DISK } from "../disk";
import type { IngressRule } from "../firewall";
import { ingress } from "./access";
import { type BalancerArgs, httpsBalancer, tcpBalancer } from "./balancer";
import type { DiskArgs } from "./host";

/** What a pool is made of. */
export interface PoolArgs extends BalancerArgs {
  min: number;
  max: number;
  machine: pulumi.Input<string>;
  image: pulumi.Input<string>;
  /** Whether new machines keep the image of the pool's birth: one that was looked up is another every few weeks. */
  keepImage: boolean;
  /** Of its machines, one a zone. */
  subnets: pulumi.Input<string>[];
  rules: readonly IngressRule[];
  groups: pulumi.Input<string>[];
  profile: pulumi.Input<string>;
  /** Up to 16 KiB. Changing it replaces the machines one by one, a healthy new one first. */
  userData: pulumi.Input<string>;
  disk: DiskArgs;
  tags: Record<string, string>;
}

/** Seconds of a machine's first boot. */
const BIRTH_SECONDS = 900;
/** Seconds until its health counts: a node that is replaced while it still catches up with the chain never gets there. */
const CATCH_UP_SECONDS = 6 * 3600;
/** CPU that the pool holds by adding and removing machines, in percent. */
const CPU_TARGET = 60;

/** Machines that are all the same, behind a balancer, as many as the work asks for. */
export class Pool extends pulumi.ComponentResource {
  /** Name of the balancer. */
  readonly address: pulumi.Output<string>;
  /** The balancer's own zone, for alias records. */
  readonly zone: pulumi.Output<string>;

  constructor(name: string, args: PoolArgs, opts: pulumi.ComponentResourceOptions) {
    super("nodewright:aws:Pool", name, {}, opts);
    const { balancer, targets } = (args.https ? httpsBalancer : tcpBalancer)(name, args, { parent: this });
    this.machines(name, args, this.template(name, args), targets);
    this.address = balancer.dnsName;
    this.zone = balancer.zoneId;
    this.registerOutputs({ address: this.address });
  }

  private template(name: string, args: PoolArgs): ec2.LaunchTemplate {
    const within = { parent: this };
    const group = new ec2.SecurityGroup(name, { vpcId: args.vpc, description: `pool ${name}` }, within);
    ingress(name, group.id, args.rules, within);
    const volume = ({ size, type, ...figures }: DiskArgs) => ({
      ...{ volumeSize: size, volumeType: type, ...figures },
      ...{ encrypted: "true", deleteOnTermination: "true" },
    });
    return new ec2.LaunchTemplate(
      `${name}-template`,
      {
        instanceType: args.machine,
        imageId: args.image,
        userData: pulumi.output(args.userData).apply((text) => Buffer.from(text).toString("base64")),
        vpcSecurityGroupIds: [...args.groups, group.id],
        iamInstanceProfile: { name: args.profile },
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          // As Debian's images call their own.
          { deviceName: "/dev/xvda", ebs: volume(ROOT_DISK) },
          { deviceName: ATTACHED_AS, ebs: volume(args.disk) },
        ],
        updateDefaultVersion: true,
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: args.tags })),
      },
      { ...within, ignoreChanges: args.keepImage ? ["imageId"] : [] },
    );
  }

  private machines(
    name: string,
    args: PoolArgs,
    template: ec2.LaunchTemplate,
    targets: lb.TargetGroup,
  ): void {
    const within = { parent: this };
    const group = new autoscaling.Group(
      `${name}-group`,
      {
        minSize: args.min,
        maxSize: args.max,
        vpcZoneIdentifiers: args.subnets,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        targetGroupArns: [targets.arn],
        healthCheckType: "ELB",
        healthCheckGracePeriod: CATCH_UP_SECONDS,
        // A node follows the chain for hours before it is healthy: `up` does not wait for that.
        waitForCapacityTimeout: "0",
        instanceRefresh: {
          strategy: "Rolling",
          // A new one is healthy before an old one goes.
          preferences: {
            minHealthyPercentage: 100,
            maxHealthyPercentage: 110,
            instanceWarmup: String(BIRTH_SECONDS),
          },
        },
        tags: Object.entries(args.tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      within,
    );
    if (args.max === args.min) return;
    new autoscaling.Policy(
      `${name}-cpu`,
      {
        autoscalingGroupName: group.name,
        policyType: "TargetTrackingScaling",
        estimatedInstanceWarmup: BIRTH_SECONDS,
        targetTrackingConfiguration: {
          targetValue: CPU_TARGET,
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        },
      },
      within,
    );
  }
}

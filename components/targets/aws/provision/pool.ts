import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { ATTACHED_AS, ROOT_DISK } from "../disk";
import type { IngressRule } from "../firewall";
import { ingress } from "./access";
import type { DiskArgs } from "./host";

/** What a pool is made of. */
export interface PoolArgs {
  min: number;
  max: number;
  machine: pulumi.Input<string>;
  image: pulumi.Input<string>;
  /** Whether new machines keep the image of the pool's birth: one that was looked up is another every few weeks. */
  keepImage: boolean;
  vpc: pulumi.Input<string>;
  /** Of its machines, one a zone. */
  subnets: pulumi.Input<string>[];
  /** Of its balancer, one a zone: reached from the world. */
  publicSubnets: pulumi.Input<string>[];
  rules: readonly IngressRule[];
  groups: pulumi.Input<string>[];
  profile: pulumi.Input<string>;
  /** Up to 16 KiB. Changing it replaces the machines one by one, a healthy new one first. */
  userData: pulumi.Input<string>;
  disk: DiskArgs;
  /** TCP port that the balancer takes and gives, and the one that tells health at `/healthz`. */
  serves: number;
  probes: number;
  /** At most 32 letters each; that of the targets must change with `serves`. */
  names: { balancer: string; targets: string };
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
    const { balancer, targets } = this.balancer(name, args);
    this.machines(name, args, this.template(name, args), targets);
    this.address = balancer.dnsName;
    this.zone = balancer.zoneId;
    this.registerOutputs({ address: this.address });
  }

  private balancer(name: string, args: PoolArgs) {
    const within = { parent: this };
    const balancer = new lb.LoadBalancer(
      `${name}-balancer`,
      {
        name: args.names.balancer,
        loadBalancerType: "network",
        ipAddressType: "dualstack",
        subnets: args.publicSubnets,
        enableCrossZoneLoadBalancing: true,
      },
      within,
    );
    const targets = new lb.TargetGroup(
      `${name}-targets`,
      {
        name: args.names.targets,
        vpcId: args.vpc,
        port: args.serves,
        protocol: "TCP",
        targetType: "instance",
        deregistrationDelay: 60,
        healthCheck: { protocol: "HTTP", port: String(args.probes), path: "/healthz", interval: 10 },
      },
      within,
    );
    new lb.Listener(
      `${name}-listener`,
      {
        loadBalancerArn: balancer.arn,
        port: args.serves,
        protocol: "TCP",
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
      },
      within,
    );
    return { balancer, targets };
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

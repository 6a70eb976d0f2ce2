import { DropletAutoscale } from "@pulumi/digitalocean/dropletAutoscale";
import { LoadBalancer } from "@pulumi/digitalocean/loadBalancer";
import * as pulumi from "@pulumi/pulumi";

/** Members that are all the same, and their balancer, without a plan: other programs may build on it. */
export interface PoolArgs {
  /** Of the pool and of its balancer. */
  name: pulumi.Input<string>;
  region: pulumi.Input<string>;
  vpc: pulumi.Input<string>;
  /** Machine type. */
  size: pulumi.Input<string>;
  image: pulumi.Input<string>;
  sshKeys: pulumi.Input<pulumi.Input<string>[]>;
  /** cloud-init's; at most 64 KiB, nothing secret. A change makes DigitalOcean replace the members one by one. */
  userData: pulumi.Input<string>;
  /** By which the balancer finds the members. */
  tag: pulumi.Input<string>;
  /** Of each member; `tag` must be among them. */
  tags: pulumi.Input<pulumi.Input<string>[]>;
  /** Members, at least and at most. The same number twice: a fixed size. */
  min: number;
  max: number;
  /** Port that the balancer serves, and on which members do. */
  servesPort: pulumi.Input<number>;
  /** Port on which a member answers `GET /healthz`. */
  probesPort: pulumi.Input<number>;
}

const CPU_TARGET = 0.6;
/** The most that it takes: a new member must have caught up before the next old one goes. */
const COOLDOWN_MINUTES = 20;

/** A pool whose members the cloud makes and ends by itself. */
export class Pool extends pulumi.ComponentResource {
  /** The balancer's. */
  readonly address: pulumi.Output<string>;
  readonly address6: pulumi.Output<string>;

  constructor(name: string, args: PoolArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("nodewright:digitalocean:Pool", name, {}, opts);
    const { region, size, image, sshKeys, userData, tags, vpc, min, max } = args;
    new DropletAutoscale(
      `${name}-machines`,
      {
        name: args.name,
        config:
          min === max
            ? { targetNumberInstances: min }
            : {
                minInstances: min,
                maxInstances: max,
                targetCpuUtilization: CPU_TARGET,
                cooldownMinutes: COOLDOWN_MINUTES,
              },
        dropletTemplate: {
          ...{ region, size, image, sshKeys, userData, tags, vpcUuid: vpc },
          ipv6: true,
          // Without it nobody knows how busy they are.
          withDropletAgent: true,
        },
      },
      { parent: this, ...(opts.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn }) },
    );
    const balancer = this.createBalancer(name, args);
    this.address = balancer.ip;
    this.address6 = balancer.ipv6;
    this.registerOutputs({ address: this.address });
  }

  private createBalancer(name: string, args: PoolArgs): LoadBalancer {
    const { region, vpc, tag, servesPort, probesPort } = args;
    return new LoadBalancer(
      `${name}-balancer`,
      {
        name: args.name,
        region,
        vpcUuid: vpc,
        dropletTag: tag,
        networkStack: "DUALSTACK",
        forwardingRules: [
          { entryPort: servesPort, entryProtocol: "tcp", targetPort: servesPort, targetProtocol: "tcp" },
        ],
        healthcheck: { protocol: "http", port: probesPort, path: "/healthz" },
      },
      { parent: this },
    );
  }
}

import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { HTTPS_PORT } from "../balancer";
import type { HttpsArgs } from "../render";
import { ingress } from "./access";
import { webFirewall } from "./web-firewall";

/** What stands before a pool is made of. */
export interface BalancerArgs {
  vpc: pulumi.Input<string>;
  /** Of the balancer, one a zone: reached from the world. */
  publicSubnets: pulumi.Input<string>[];
  /** TCP port that members take, and the one that tells health at `/healthz`. */
  serves: number;
  probes: number;
  /** At most 32 letters each; that of the targets must change with `serves`, both with the kind. */
  names: { balancer: string; targets: string };
  /** Absent: TCP is passed on as it is. */
  https: HttpsArgs | undefined;
}

interface Made {
  balancer: lb.LoadBalancer;
  targets: lb.TargetGroup;
}

/** TLS 1.2 and 1.3, forward secrecy (Elastic Load Balancing, "Security policies for your Application Load Balancer"). */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

const targetsOf = (
  name: string,
  args: BalancerArgs,
  protocol: "TCP" | "HTTP",
  opts: pulumi.CustomResourceOptions,
) =>
  new lb.TargetGroup(
    `${name}-targets`,
    {
      name: args.names.targets,
      vpcId: args.vpc,
      port: args.serves,
      protocol,
      targetType: "instance",
      deregistrationDelay: 60,
      healthCheck: { protocol: "HTTP", port: String(args.probes), path: "/healthz", interval: 10 },
    },
    opts,
  );

/** Passes TCP on as it is, and with it the clients' addresses. */
export function tcpBalancer(name: string, args: BalancerArgs, opts: pulumi.CustomResourceOptions): Made {
  const balancer = new lb.LoadBalancer(
    `${name}-balancer`,
    {
      name: args.names.balancer,
      loadBalancerType: "network",
      ipAddressType: "dualstack",
      subnets: args.publicSubnets,
      enableCrossZoneLoadBalancing: true,
    },
    opts,
  );
  const targets = targetsOf(name, args, "TCP", opts);
  new lb.Listener(
    `${name}-listener`,
    {
      loadBalancerArn: balancer.arn,
      port: args.serves,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
    },
    opts,
  );
  return { balancer, targets };
}

/** Ends TLS, sends plain HTTP there, and says each client's address at the end of X-Forwarded-For. */
export function httpsBalancer(name: string, args: BalancerArgs, opts: pulumi.CustomResourceOptions): Made {
  const { https } = args;
  if (!https) throw new Error(`${name} has no certificate`);
  const balancer = new lb.LoadBalancer(
    `${name}-balancer`,
    {
      name: args.names.balancer,
      loadBalancerType: "application",
      ipAddressType: "dualstack",
      subnets: args.publicSubnets,
      securityGroups: [outside(name, args, https, opts)],
      idleTimeout: https.idleSeconds,
      dropInvalidHeaderFields: true,
      xffHeaderProcessingMode: "append",
    },
    opts,
  );
  const targets = targetsOf(name, args, "HTTP", opts);
  const loadBalancerArn = balancer.arn;
  new lb.Listener(
    `${name}-listener`,
    {
      ...{ loadBalancerArn, port: HTTPS_PORT, protocol: "HTTPS", sslPolicy: TLS_POLICY },
      certificateArn: https.certificate,
      defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
    },
    opts,
  );
  // A balancer knows 301 and 302 alone: clients that follow either with a GET see the health page, no wrong answer.
  const redirect = { protocol: "HTTPS", port: String(HTTPS_PORT), statusCode: "HTTP_301" };
  new lb.Listener(
    `${name}-redirect`,
    { loadBalancerArn, port: 80, protocol: "HTTP", defaultActions: [{ type: "redirect", redirect }] },
    opts,
  );
  if (https.firewall) webFirewall(name, balancer.arn, https.firewall, opts);
  return { balancer, targets };
}

/** The balancer's own group: the world in, and out to the pool's two ports alone. */
function outside(
  name: string,
  args: BalancerArgs,
  { rules, network }: HttpsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const group = new ec2.SecurityGroup(
    `${name}-outside`,
    { vpcId: args.vpc, description: `balancer of ${name}` },
    opts,
  );
  ingress(`${name}-outside`, group.id, rules, opts);
  for (const port of new Set([args.serves, args.probes]))
    new vpc.SecurityGroupEgressRule(
      `${name}-outside-out-${port}`,
      { securityGroupId: group.id, ipProtocol: "tcp", fromPort: port, toPort: port, cidrIpv4: network },
      opts,
    );
  return group.id;
}

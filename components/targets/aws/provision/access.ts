import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { type IngressRule, sharedRules } from "../firewall";

/** What every machine of a stack may do, and what all of them admit. */
export class Access extends pulumi.ComponentResource {
  /** Name of the instance profile. Session Manager alone: hosts need nothing else of AWS. */
  readonly profile: pulumi.Output<string>;
  /** ICMP in, everything out. */
  readonly group: pulumi.Output<string>;

  constructor(
    name: string,
    { vpcId }: { vpcId: pulumi.Input<string> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("nodewright:aws:Access", name, {}, opts);
    const within = { parent: this };
    const role = new iam.Role(
      `${name}-role`,
      { assumeRolePolicy: iam.assumeRolePolicyForPrincipal({ Service: "ec2.amazonaws.com" }) },
      within,
    );
    const session = new iam.RolePolicyAttachment(
      `${name}-session`,
      { role: role.name, policyArn: iam.ManagedPolicy.AmazonSSMManagedInstanceCore },
      within,
    );
    const profile = new iam.InstanceProfile(
      `${name}-profile`,
      { role: role.name },
      { ...within, dependsOn: [session] },
    );
    const group = new ec2.SecurityGroup(`${name}-shared`, { vpcId, description: "all hosts" }, within);
    ingress(`${name}-shared`, group.id, sharedRules, within);
    for (const [family, source] of [
      ["ipv4", { cidrIpv4: "0.0.0.0/0" }],
      ["ipv6", { cidrIpv6: "::/0" }],
    ] as const)
      new vpc.SecurityGroupEgressRule(
        `${name}-out-${family}`,
        { securityGroupId: group.id, ipProtocol: "-1", ...source },
        within,
      );
    this.profile = profile.name;
    this.group = group.id;
    this.registerOutputs({ profile: this.profile, group: this.group });
  }
}

/** Opens a group, one resource for each rule: a rule that joins or leaves touches no other. */
export function ingress(
  name: string,
  securityGroupId: pulumi.Input<string>,
  rules: readonly IngressRule[],
  opts: pulumi.CustomResourceOptions,
): void {
  for (const { key, ...rule } of rules)
    new vpc.SecurityGroupIngressRule(`${name}-in-${key}`, { securityGroupId, ...rule }, opts);
}

import type { Problem } from "../check";
import { prefixOf } from "../cloud/cidr";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, busyError, existing } from "./api-error";
import { ACCOUNT, arnOf, awsType } from "./aws-type";
import { MOST_RULES } from "./security-group-rule";
import * as tokens from "./tokens";

export const securityGroup: CloudType = awsType({
  token: tokens.SECURITY_GROUP,
  forceNew: ["description", "name", "namePrefix", "vpcId"],
  unordered: ["ingress", "egress"],
  name: {
    property: "name",
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    pattern: /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/,
    max: 255,
    scope: (inputs) => textOf(inputs.vpcId) ?? "",
    taken: (name, inputs) =>
      `api error InvalidGroup.Duplicate: The security group '${name}' already exists for VPC '${textOf(inputs.vpcId)}'`,
  },
  check: (inputs) => [
    ...problem((textOf(inputs.description)?.length ?? 0) > 255, "description", "at most 255 characters"),
    ...["ingress", "egress"].flatMap((direction) =>
      objectsOf(inputs[direction]).flatMap((rule, index) => inlineProblems(rule, `${direction}[${index}]`)),
    ),
  ],
  create: (inputs, world) => {
    if (inputs.vpcId !== undefined) existing(world, tokens.VPC, inputs.vpcId, "EC2: CreateSecurityGroup");
    refuseTooMany(inputs);
  },
  update: (_before, inputs) => refuseTooMany(inputs),
  delete: (id, _state, world) => {
    if (!isUsed(world, id)) return;
    const message = `resource ${id} has a dependent object`;
    throw busyError("EC2: DeleteSecurityGroup", "DependencyViolation", message);
  },
  id: (_inputs, world) => world.nextId("sg-"),
  arn: arnOf("ec2", (id) => `security-group/${id}`),
  computed: ["description", "egress", "ingress", "ownerId"],
  outputs: (_id, inputs) => ({
    description: inputs.description ?? "Managed by Pulumi",
    egress: inputs.egress ?? [],
    ingress: inputs.ingress ?? [],
    ownerId: ACCOUNT,
  }),
});

function inlineProblems(rule: Properties, path: string): Problem[] {
  const cidrs = [...textsOf(rule.cidrBlocks), ...textsOf(rule.ipv6CidrBlocks)];
  const wrong = cidrs.filter((cidr) => prefixOf(cidr) === undefined);
  const [from, to] = [numberOf(rule.fromPort), numberOf(rule.toPort)];
  const isBackwards = rule.protocol !== "icmp" && from !== undefined && to !== undefined && from > to;
  return [
    ...wrong.flatMap((cidr) => problem(true, `${path}.cidrBlocks`, `"${cidr}" is not a valid CIDR block`)),
    ...problem(isBackwards, `${path}.fromPort`, `${from} is above toPort ${to}`),
  ];
}

/** Every source of an inline rule is a rule of its own to AWS. */
function refuseTooMany(inputs: Properties): void {
  for (const direction of ["ingress", "egress"]) {
    const rules = objectsOf(inputs[direction]);
    const count = (rule: Properties, family: string) =>
      [rule[family], rule.prefixListIds, rule.securityGroups].flatMap(textsOf).length +
      (rule.self === true ? 1 : 0);
    for (const family of ["cidrBlocks", "ipv6CidrBlocks"]) {
      const total = rules.reduce((sum, rule) => sum + count(rule, family), 0);
      if (total > MOST_RULES) {
        throw apiError(
          "EC2: AuthorizeSecurityGroupIngress",
          "RulesPerSecurityGroupLimitExceeded",
          "The maximum number of rules per security group has been reached.",
        );
      }
    }
  }
}

function isUsed(world: World, id: string): boolean {
  const holders = [tokens.INSTANCE, tokens.LOAD_BALANCER, tokens.VPC_ENDPOINT].flatMap((token) =>
    world.all(token),
  );
  const byHolder = holders.some(({ inputs }) =>
    [inputs.vpcSecurityGroupIds, inputs.securityGroups, inputs.securityGroupIds]
      .flatMap(textsOf)
      .includes(id),
  );
  const rules = [tokens.INGRESS_RULE, tokens.EGRESS_RULE].flatMap((token) => world.all(token));
  return (
    byHolder ||
    rules.some(({ inputs }) => inputs.referencedSecurityGroupId === id && inputs.securityGroupId !== id)
  );
}

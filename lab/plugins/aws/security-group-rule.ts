import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../check";
import { prefixOf } from "../cloud/cidr";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, existing } from "./api-error";
import { arnOf, awsType } from "./aws-type";
import * as tokens from "./tokens";

/**
 * Rules in one direction, IPv4 and IPv6 counted apart; a rule by group or prefix list counts for both:
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
export const MOST_RULES = 60;

const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;
const IDENTITY = [...SOURCES, "securityGroupId", "ipProtocol", "fromPort", "toPort"] as const;

export const ingressRule = ruleType(tokens.INGRESS_RULE, "EC2: AuthorizeSecurityGroupIngress");
export const egressRule = ruleType(tokens.EGRESS_RULE, "EC2: AuthorizeSecurityGroupEgress");

function ruleType(token: string, operation: string): CloudType {
  return awsType({
    token,
    forceNew: ["securityGroupId"],
    check: ruleProblems,
    create: (inputs, world) => {
      refuseReferences(inputs, world, operation);
      const own = world.all(token).filter((rule) => rule.inputs.securityGroupId === inputs.securityGroupId);
      refuseDuplicate(own, inputs, operation);
      for (const foreign of ["cidrIpv6", "cidrIpv4"] as const) {
        const counted = own.filter((rule) => !(foreign in rule.inputs)).length;
        if (foreign in inputs || counted < MOST_RULES) continue;
        throw apiError(
          operation,
          "RulesPerSecurityGroupLimitExceeded",
          "The maximum number of rules per security group has been reached.",
        );
      }
    },
    update: (before, inputs, world) => {
      refuseReferences(inputs, world, operation);
      const rules = world
        .all(token)
        .filter((rule) => !isDeepStrictEqual(identity(rule.inputs), identity(before)));
      refuseDuplicate(rules, inputs, operation);
    },
    id: (_inputs, world) => world.nextId("sgr-"),
    arn: arnOf("ec2", (id) => `security-group-rule/${id}`),
    computed: ["securityGroupRuleId"],
    outputs: (id) => ({ securityGroupRuleId: id }),
  });
}

function ruleProblems(inputs: Properties): Problem[] {
  const protocol = textOf(inputs.ipProtocol);
  const [from, to] = [numberOf(inputs.fromPort), numberOf(inputs.toPort)];
  const hasPorts = protocol === "tcp" || protocol === "udp";
  return [
    ...problem(
      SOURCES.filter((key) => key in inputs).length !== 1,
      "cidrIpv4",
      `exactly one of ${SOURCES.join(", ")} must be given`,
    ),
    ...(["cidrIpv4", "cidrIpv6"] as const).flatMap((key) => {
      const cidr = textOf(inputs[key]);
      const isWrong = cidr !== undefined && prefixOf(cidr) === undefined;
      return problem(isWrong, key, `"${cidr}" is not a valid CIDR block`);
    }),
    ...problem(
      protocol === "-1" && (from ?? -1) !== -1,
      "fromPort",
      "cannot be given with all protocols (-1)",
    ),
    ...problem(
      hasPorts && !("fromPort" in inputs && "toPort" in inputs),
      "fromPort",
      `${protocol} needs ports`,
    ),
    ...problem(hasPorts && (from ?? 0) > (to ?? 65535), "fromPort", `${from} is above toPort ${to}`),
    ...problem(
      hasPorts && ((from ?? 0) < 0 || (to ?? 0) > 65535),
      "toPort",
      "a port is a number from 0 to 65535",
    ),
    ...problem((textOf(inputs.description)?.length ?? 0) > 255, "description", "at most 255 characters"),
  ];
}

function refuseReferences(inputs: Properties, world: World, operation: string): void {
  for (const id of [inputs.securityGroupId, inputs.referencedSecurityGroupId]) {
    if (id !== undefined && !isDefaultGroup(world, id)) existing(world, tokens.SECURITY_GROUP, id, operation);
  }
}

/** Every VPC is born with one. */
export function isDefaultGroup(world: World, id: unknown): boolean {
  return world.findBy(tokens.VPC, "defaultSecurityGroupId", id) !== undefined;
}

function identity(inputs: Properties): unknown[] {
  return IDENTITY.map((key) => inputs[key]);
}

function refuseDuplicate(
  others: readonly { inputs: Properties }[],
  inputs: Properties,
  operation: string,
): void {
  if (!others.some((other) => isDeepStrictEqual(identity(other.inputs), identity(inputs)))) return;
  const peer = SOURCES.map((key) => textOf(inputs[key])).find(Boolean);
  const ports = `from port: ${inputs.fromPort}, to port: ${inputs.toPort}`;
  const rule = `peer: ${peer}, ${textOf(inputs.ipProtocol)?.toUpperCase()}, ${ports}, ALLOW`;
  throw apiError(operation, "InvalidPermission.Duplicate", `the specified rule "${rule}" already exists`);
}

import type { Problem } from "../check";
import { contains, overlaps, prefixOf } from "../cloud/cidr";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, busyError, existing } from "./api-error";
import { ACCOUNT, arnOf, awsType, kept, regionOf, relatedId } from "./aws-type";
import * as tokens from "./tokens";

/** A VPC and a subnet each span /16 to /28: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
function blockProblems(inputs: Properties, property: string): Problem[] {
  const cidr = textOf(inputs[property]);
  if (cidr === undefined) return [];
  const prefix = prefixOf(cidr);
  if (prefix === undefined) return problem(true, property, `"${cidr}" is not a valid CIDR block`);
  return problem(prefix < 16 || prefix > 28, property, `"${cidr}" must be between /16 and /28`);
}

/** What may still be in a VPC when it is to be deleted. */
const IN_VPC = [
  tokens.SUBNET,
  tokens.SECURITY_GROUP,
  tokens.ROUTE_TABLE,
  tokens.INTERNET_GATEWAY,
  tokens.VPC_ENDPOINT,
];

export const vpc: CloudType = awsType({
  token: tokens.VPC,
  forceNew: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "instanceTenancy"],
  check: (inputs) => [
    ...blockProblems(inputs, "cidrBlock"),
    ...problem(!("cidrBlock" in inputs || "ipv4IpamPoolId" in inputs), "cidrBlock", "give cidrBlock"),
  ],
  delete: (id, _state, world) => {
    const isUsed = IN_VPC.some((token) => world.findBy(token, "vpcId", id));
    if (isUsed) {
      throw busyError(
        "EC2: DeleteVpc",
        "DependencyViolation",
        `The vpc '${id}' has dependencies and cannot be deleted.`,
      );
    }
  },
  id: (_inputs, world) => world.nextId("vpc-"),
  arn: arnOf("ec2", (id) => `vpc/${id}`),
  computed: [
    "defaultNetworkAclId",
    "defaultRouteTableId",
    "defaultSecurityGroupId",
    "dhcpOptionsId",
    "ipv6AssociationId",
    "ipv6CidrBlock",
    "mainRouteTableId",
    "ownerId",
  ],
  outputs: (id, inputs, world) => ({
    defaultNetworkAclId: relatedId("acl-", id),
    defaultRouteTableId: relatedId("rtb-", id),
    defaultSecurityGroupId: relatedId("sg-", id),
    dhcpOptionsId: relatedId("dopt-", id),
    mainRouteTableId: relatedId("rtb-", id),
    ownerId: ACCOUNT,
    ...(inputs.assignGeneratedIpv6CidrBlock === true
      ? {
          ipv6AssociationId: relatedId("vpc-cidr-assoc-", id),
          // Of the block for documentation (RFC 3849): no host can take it for a real one.
          ipv6CidrBlock: kept(world, tokens.VPC, id, "ipv6CidrBlock", () => {
            return `2001:db8:${(world.draw() & 0xffff).toString(16)}::/56`;
          }),
        }
      : {}),
  }),
});

export const subnet: CloudType = awsType({
  token: tokens.SUBNET,
  forceNew: [
    "vpcId",
    "cidrBlock",
    "availabilityZone",
    "availabilityZoneId",
    "ipv4IpamPoolId",
    "ipv4NetmaskLength",
    "ipv6Native",
    "outpostArn",
  ],
  check: (inputs) => [
    ...blockProblems(inputs, "cidrBlock"),
    ...problem(
      "availabilityZone" in inputs && "availabilityZoneId" in inputs,
      "availabilityZone",
      "conflicts with availabilityZoneId",
    ),
    ...problem(
      inputs.assignIpv6AddressOnCreation === true &&
        !("ipv6CidrBlock" in inputs || "ipv6IpamPoolId" in inputs),
      "assignIpv6AddressOnCreation",
      "needs ipv6CidrBlock",
    ),
  ],
  create: createSubnet,
  delete: (id, _state, world) => {
    const users = [...world.all(tokens.INSTANCE), ...world.all(tokens.NAT_GATEWAY)];
    const isUsed =
      users.some((user) => user.inputs.subnetId === id) ||
      [...world.all(tokens.LOAD_BALANCER), ...world.all(tokens.VPC_ENDPOINT)].some((user) =>
        [user.inputs.subnets, user.inputs.subnetIds].flat().includes(id),
      );
    if (isUsed) {
      throw busyError(
        "EC2: DeleteSubnet",
        "DependencyViolation",
        `The subnet '${id}' has dependencies and cannot be deleted.`,
      );
    }
  },
  id: (_inputs, world) => world.nextId("subnet-"),
  arn: arnOf("ec2", (id) => `subnet/${id}`),
  computed: ["availabilityZone", "availabilityZoneId", "ownerId", "ipv6CidrBlockAssociationId"],
  outputs: (id, inputs, world) => {
    const zone = textOf(inputs.availabilityZone) ?? `${regionOf(inputs, world)}a`;
    return {
      availabilityZone: zone,
      availabilityZoneId: `${regionOf(inputs, world)}-az${zone.charCodeAt(zone.length - 1) - 96}`,
      ownerId: ACCOUNT,
      ...("ipv6CidrBlock" in inputs
        ? { ipv6CidrBlockAssociationId: relatedId("subnet-cidr-assoc-", id) }
        : {}),
    };
  },
});

function createSubnet(inputs: Properties, world: World): void {
  const operation = "EC2: CreateSubnet";
  const parent = existing(world, tokens.VPC, inputs.vpcId, operation);
  refuseZone(inputs, world, operation);
  const others = world.all(tokens.SUBNET).filter((other) => other.inputs.vpcId === inputs.vpcId);
  const outer = { cidrBlock: parent.inputs.cidrBlock, ipv6CidrBlock: parent.outputs.ipv6CidrBlock };
  for (const property of ["cidrBlock", "ipv6CidrBlock"] as const) {
    const cidr = textOf(inputs[property]);
    if (cidr === undefined) continue;
    if (!contains(textOf(outer[property]) ?? "", cidr)) {
      throw apiError(operation, "InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
    }
    if (others.some((other) => overlaps(cidr, textOf(other.inputs[property]) ?? ""))) {
      throw apiError(operation, "InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet`);
    }
  }
}

/** Zones of a region are named by one letter behind it. */
export function refuseZone(inputs: Properties, world: World, operation: string): void {
  const zone = textOf(inputs.availabilityZone);
  const region = regionOf(inputs, world);
  if (zone === undefined || new RegExp(`^${region}[a-f]$`).test(zone)) return;
  throw apiError(
    operation,
    "InvalidParameterValue",
    `Value (${zone}) for parameter availabilityZone is invalid. The availability zone must be in ${region}.`,
  );
}

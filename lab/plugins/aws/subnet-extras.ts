import { contains, overlaps } from "../cloud/cidr";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import { apiError, existing } from "./api-error";
import { ACCOUNT, awsType } from "./aws-type";
import * as tokens from "./tokens";

/** IPv6 out of a network, with nothing that begins from outside. */
export const egressOnlyInternetGateway: CloudType = awsType({
  token: "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  forceNew: ["vpcId"],
  create: (inputs, world) => {
    existing(world, tokens.VPC, inputs.vpcId, "EC2: CreateEgressOnlyInternetGateway");
  },
  id: (_inputs, world) => world.nextId("eigw-"),
});

/** Addresses of a subnet that AWS gives to nobody by itself. */
export const subnetCidrReservation: CloudType = awsType({
  token: "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
  forceNew: ["cidrBlock", "description", "reservationType", "subnetId"],
  check: ({ reservationType }) =>
    problem(
      reservationType !== undefined && reservationType !== "explicit" && reservationType !== "prefix",
      "reservationType",
      "must be one of explicit, prefix",
    ),
  create: (inputs, world) => {
    const operation = "EC2: CreateSubnetCidrReservation";
    const subnet = existing(world, tokens.SUBNET, inputs.subnetId, operation);
    const cidr = textOf(inputs.cidrBlock) ?? "";
    if (!contains(textOf(subnet.inputs.cidrBlock) ?? "", cidr))
      throw apiError(
        operation,
        "InvalidParameterValue",
        `The CIDR '${cidr}' is not within the subnet's CIDR`,
      );
    const others = world
      .all("aws:ec2/subnetCidrReservation:SubnetCidrReservation")
      .filter((other) => other.inputs.subnetId === inputs.subnetId);
    if (others.some((other) => overlaps(cidr, textOf(other.inputs.cidrBlock) ?? "")))
      throw apiError(
        operation,
        "InvalidSubnetCidrReservation.Conflict",
        `The CIDR '${cidr}' conflicts with another`,
      );
  },
  id: (_inputs, world) => world.nextId("scr-"),
  computed: ["ownerId"],
  outputs: () => ({ ownerId: ACCOUNT }),
});

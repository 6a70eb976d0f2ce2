import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, busyError, existing } from "./api-error";
import { ACCOUNT, arnOf, awsType, kept, relatedId } from "./aws-type";
import { privateAddress } from "./private-address";
import * as tokens from "./tokens";

/** A public address works only in a network with an internet gateway. */
export function requireGateway(world: World, vpcId: unknown, operation: string): void {
  if (world.findBy(tokens.INTERNET_GATEWAY, "vpcId", vpcId)) return;
  throw apiError(
    operation,
    "Gateway.NotAttached",
    `Network ${textOf(vpcId)} has no Internet gateway attached`,
  );
}

export const internetGateway: CloudType = awsType({
  token: tokens.INTERNET_GATEWAY,
  forceNew: [],
  create: attach,
  update: (before, inputs, world) => {
    if (before.vpcId !== inputs.vpcId) attach(inputs, world);
  },
  delete: (_id, state, world) => {
    if (state.vpcId === undefined || mappedAddresses(world, state.vpcId) === 0) return;
    throw busyError(
      "EC2: DetachInternetGateway",
      "DependencyViolation",
      `Network ${textOf(state.vpcId)} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  },
  id: (_inputs, world) => world.nextId("igw-"),
  arn: arnOf("ec2", (id) => `internet-gateway/${id}`),
  computed: ["ownerId", "vpcId"],
  outputs: () => ({ ownerId: ACCOUNT }),
});

function attach(inputs: Properties, world: World): void {
  if (inputs.vpcId === undefined) return;
  const operation = "EC2: AttachInternetGateway";
  existing(world, tokens.VPC, inputs.vpcId, operation);
  const attached = world.findBy(tokens.INTERNET_GATEWAY, "vpcId", inputs.vpcId);
  if (!attached) return;
  throw apiError(
    operation,
    "InvalidParameterValue",
    `Network ${textOf(inputs.vpcId)} already has an internet gateway attached`,
  );
}

function mappedAddresses(world: World, vpcId: unknown): number {
  const subnets = world.all(tokens.SUBNET).filter((subnet) => subnet.inputs.vpcId === vpcId);
  const ids = new Set<unknown>(subnets.map((subnet) => subnet.id));
  return [...world.all(tokens.INSTANCE), ...world.all(tokens.NAT_GATEWAY)].filter(
    (entry) => ids.has(entry.inputs.subnetId) && Boolean(entry.outputs.publicIp),
  ).length;
}

export const natGateway: CloudType = awsType({
  token: tokens.NAT_GATEWAY,
  forceNew: ["allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"],
  check: (inputs) => [
    ...problem(
      inputs.connectivityType === "private" && "allocationId" in inputs,
      "allocationId",
      "is not supported with connectivityType private",
    ),
    ...problem(
      inputs.connectivityType !== "private" &&
        !("allocationId" in inputs) &&
        inputs.availabilityMode !== "regional",
      "allocationId",
      "is required with connectivityType public",
    ),
  ],
  create: (inputs, world) => {
    const operation = "EC2: CreateNatGateway";
    const subnet = existing(world, tokens.SUBNET, inputs.subnetId, operation);
    privateAddress(world, inputs, operation);
    if (inputs.allocationId === undefined) return;
    existing(world, tokens.EIP, inputs.allocationId, operation);
    refuseAssociated(world, inputs.allocationId, operation);
    requireGateway(world, subnet.inputs.vpcId, operation);
  },
  id: (_inputs, world) => world.nextId("nat-"),
  arn: arnOf("ec2", (id) => `natgateway/${id}`),
  computed: ["associationId", "networkInterfaceId", "privateIp", "publicIp"],
  outputs: (id, inputs, world) => ({
    networkInterfaceId: relatedId("eni-", id),
    privateIp: kept(world, tokens.NAT_GATEWAY, id, "privateIp", () => {
      return privateAddress(world, inputs, "EC2: CreateNatGateway");
    }),
    ...(inputs.allocationId === undefined
      ? {}
      : {
          associationId: relatedId("eipassoc-", id),
          publicIp: world.get(tokens.EIP, textOf(inputs.allocationId) ?? "")?.outputs.publicIp,
        }),
  }),
});

/** An elastic address serves one thing at a time. */
export function refuseAssociated(world: World, allocationId: unknown, operation: string): void {
  const holder =
    world.findBy(tokens.EIP_ASSOCIATION, "allocationId", allocationId) ??
    world.findBy(tokens.NAT_GATEWAY, "allocationId", allocationId);
  if (!holder) return;
  throw apiError(
    operation,
    "Resource.AlreadyAssociated",
    `resource ${textOf(allocationId)} is already associated with associate-id ${relatedId("eipassoc-", holder.id)}`,
  );
}

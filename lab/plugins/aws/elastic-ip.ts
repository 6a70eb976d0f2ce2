import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, existing } from "./api-error";
import { arnOf, awsType, kept, publicAddress, regionOf } from "./aws-type";
import { refuseAssociated, requireGateway } from "./gateway";
import * as tokens from "./tokens";

export const eip: CloudType = awsType({
  token: tokens.EIP,
  forceNew: [
    "domain",
    "address",
    "customerOwnedIpv4Pool",
    "ipamPoolId",
    "networkBorderGroup",
    "publicIpv4Pool",
  ],
  check: (inputs) =>
    problem(
      "domain" in inputs && inputs.domain !== "vpc" && textOf(inputs.domain) !== undefined,
      "domain",
      'expected domain to be "vpc"',
    ),
  create: (inputs, world) => {
    if (inputs.instance !== undefined) reach(world, inputs.instance);
  },
  update: (before, inputs, world) => {
    if (inputs.instance !== undefined && inputs.instance !== before.instance) reach(world, inputs.instance);
  },
  delete: (id, state, world) => {
    const association = world.findBy(tokens.EIP_ASSOCIATION, "allocationId", id);
    const holder = association ?? world.findBy(tokens.NAT_GATEWAY, "allocationId", id);
    if (holder) {
      throw apiError(
        "EC2: ReleaseAddress",
        "InvalidIPAddress.InUse",
        `Address ${textOf(state.publicIp)} is in use by ${holder.id}.`,
      );
    }
    if (state.instance !== undefined) setPublicAddress(world, state.instance, "");
  },
  id: (_inputs, world) => world.nextId("eipalloc-"),
  arn: arnOf("ec2", (id) => `elastic-ip/${id}`),
  computed: ["allocationId", "associationId", "domain", "instance", "privateIp", "publicDns", "publicIp"],
  outputs: (id, inputs, world) => {
    const publicIp = textOf(kept(world, tokens.EIP, id, "publicIp", () => publicAddress(world))) ?? "";
    if (inputs.instance !== undefined) setPublicAddress(world, inputs.instance, publicIp);
    return { allocationId: id, domain: "vpc", publicIp, publicDns: publicName(publicIp, inputs, world) };
  },
});

/** `ec2-198-18-0-1.eu-central-1.compute.amazonaws.com` */
export function publicName(address: string, inputs: Properties, world: World): string {
  return `ec2-${address.replaceAll(".", "-")}.${regionOf(inputs, world)}.compute.amazonaws.com`;
}

function reach(world: World, instanceId: unknown): void {
  const operation = "EC2: AssociateAddress";
  const instance = existing(world, tokens.INSTANCE, instanceId, operation);
  const subnet = world.get(tokens.SUBNET, textOf(instance.inputs.subnetId) ?? "");
  if (subnet) requireGateway(world, subnet.inputs.vpcId, operation);
}

/** Gives an instance its public address, or takes it away. */
function setPublicAddress(world: World, instanceId: unknown, publicIp: string): void {
  const instance = world.get(tokens.INSTANCE, textOf(instanceId) ?? "");
  if (!instance) return;
  const publicDns = publicIp === "" ? "" : publicName(publicIp, instance.inputs, world);
  const outputs = { ...instance.outputs, publicIp, publicDns };
  world.put(tokens.INSTANCE, instance.id, { inputs: instance.inputs, outputs });
}

export const eipAssociation: CloudType = awsType({
  token: tokens.EIP_ASSOCIATION,
  forceNew: [
    "allocationId",
    "allowReassociation",
    "instanceId",
    "networkInterfaceId",
    "privateIpAddress",
    "publicIp",
  ],
  check: (inputs) =>
    problem(
      !("instanceId" in inputs || "networkInterfaceId" in inputs),
      "instanceId",
      "give instanceId or networkInterfaceId",
    ),
  create: (inputs, world) => {
    const operation = "EC2: AssociateAddress";
    existing(world, tokens.EIP, inputs.allocationId, operation);
    if (inputs.instanceId !== undefined) reach(world, inputs.instanceId);
    if (inputs.allowReassociation !== true) refuseAssociated(world, inputs.allocationId, operation);
  },
  delete: (_id, state, world) => setPublicAddress(world, state.instanceId, ""),
  id: (_inputs, world) => world.nextId("eipassoc-"),
  computed: ["instanceId", "networkInterfaceId", "privateIpAddress", "publicIp"],
  outputs: (_id, inputs, world) => {
    const address = world.get(tokens.EIP, textOf(inputs.allocationId) ?? "")?.outputs.publicIp;
    setPublicAddress(world, inputs.instanceId, textOf(address) ?? "");
    const instance = world.get(tokens.INSTANCE, textOf(inputs.instanceId) ?? "");
    return { publicIp: address, privateIpAddress: instance?.outputs.privateIp };
  },
});

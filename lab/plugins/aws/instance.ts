import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { isObject, type Properties } from "../value";
import { apiError, existing } from "./api-error";
import { arnOf, awsType, kept, publicAddress, regionOf, relatedId } from "./aws-type";
import { volumeProblems } from "./block-device";
import { publicName } from "./elastic-ip";
import { isInstanceType } from "./instance-type";
import { privateAddress } from "./private-address";
import { isDefaultGroup } from "./security-group-rule";
import * as tokens from "./tokens";
import { encodedUserDataProblems, plainUserDataProblems } from "./user-data";
import { refuseZone } from "./vpc";

const OPERATION = "EC2: RunInstances";

/** forceNew as the schema of the provider's own aws_instance states it. */
export const instance: CloudType = awsType({
  token: tokens.INSTANCE,
  forceNew: [
    "ami",
    "associatePublicIpAddress",
    "availabilityZone",
    "cpuOptions",
    "ebsBlockDevices.deleteOnTermination",
    "ebsBlockDevices.deviceName",
    "ebsBlockDevices.encrypted",
    "ebsBlockDevices.iops",
    "ebsBlockDevices.kmsKeyId",
    "ebsBlockDevices.snapshotId",
    "ebsBlockDevices.throughput",
    "ebsBlockDevices.volumeSize",
    "ebsBlockDevices.volumeType",
    "ebsOptimized",
    "enclaveOptions.enabled",
    "ephemeralBlockDevices",
    "hibernation",
    "hostId",
    "instanceMarketOptions",
    "ipv6AddressCount",
    "ipv6Addresses",
    "keyName",
    "launchTemplate.id",
    "launchTemplate.name",
    "networkInterfaces",
    "placementGroup",
    "placementPartitionNumber",
    "primaryNetworkInterface",
    "privateDnsNameOptions",
    "privateIp",
    "rootBlockDevice.encrypted",
    "rootBlockDevice.kmsKeyId",
    "securityGroups",
    "subnetId",
    "tenancy",
  ],
  forceNewWhen: (path, inputs) => /^userData(Base64)?$/.test(path) && inputs.userDataReplaceOnChange === true,
  unordered: ["vpcSecurityGroupIds", "securityGroups", "ebsBlockDevices", "secondaryPrivateIps"],
  check: instanceProblems,
  create: createInstance,
  update: (_before, inputs, world) => {
    refuseMachine(inputs, world, "EC2: ModifyInstanceAttribute");
  },
  delete: (id, state) => {
    if (state.disableApiTermination !== true) return;
    throw apiError(
      "EC2: TerminateInstances",
      "OperationNotPermitted",
      `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
  },
  id: (_inputs, world) => world.nextId("i-"),
  arn: arnOf("ec2", (id) => `instance/${id}`),
  computed: [
    "availabilityZone",
    "instanceState",
    "ipv6Addresses",
    "primaryNetworkInterfaceId",
    "privateDns",
    "privateIp",
    "publicDns",
    "publicIp",
  ],
  outputs: instanceOutputs,
});

function instanceProblems(inputs: Properties): Problem[] {
  const root = isObject(inputs.rootBlockDevice) ? inputs.rootBlockDevice : {};
  const devices = objectsOf(inputs.ebsBlockDevices);
  return [
    ...problem(
      "userData" in inputs && "userDataBase64" in inputs,
      "userData",
      "conflicts with userDataBase64",
    ),
    ...plainUserDataProblems(inputs, "userData"),
    ...encodedUserDataProblems(inputs, "userDataBase64"),
    ...problem(!("instanceType" in inputs || "launchTemplate" in inputs), "instanceType", "is required"),
    ...problem(!("ami" in inputs || "launchTemplate" in inputs), "ami", "is required"),
    ...problem(
      "ipv6Addresses" in inputs && "ipv6AddressCount" in inputs,
      "ipv6Addresses",
      "conflicts with ipv6AddressCount",
    ),
    ...volumeProblems(root, "rootBlockDevice", { size: "volumeSize", type: "volumeType" }),
    ...devices.flatMap((device, index) =>
      volumeProblems(device, `ebsBlockDevices[${index}]`, { size: "volumeSize", type: "volumeType" }),
    ),
  ];
}

function createInstance(inputs: Properties, world: World): void {
  const ami = textOf(inputs.ami);
  if (ami !== undefined && !/^(ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/.test(ami)) {
    throw apiError(OPERATION, "InvalidAMIID.Malformed", `Invalid id: "${ami}" (expecting "ami-...")`);
  }
  refuseMachine(inputs, world, OPERATION);
  refuseZone(inputs, world, OPERATION);
  const key = textOf(inputs.keyName);
  if (key !== undefined) existing(world, tokens.KEY_PAIR, key, OPERATION);
  if (isObject(inputs.launchTemplate) && inputs.launchTemplate.id !== undefined) {
    existing(world, tokens.LAUNCH_TEMPLATE, inputs.launchTemplate.id, OPERATION);
  }
  if (inputs.subnetId === undefined) return;
  const subnet = existing(world, tokens.SUBNET, inputs.subnetId, OPERATION);
  privateAddress(world, inputs, OPERATION);
  const zone = textOf(inputs.availabilityZone);
  if (zone !== undefined && zone !== subnet.outputs.availabilityZone) {
    throw apiError(
      OPERATION,
      "InvalidParameterValue",
      `The availability zone '${zone}' does not match the zone of subnet '${subnet.id}'`,
    );
  }
  if (wantedIpv6(inputs) > 0 && subnet.inputs.ipv6CidrBlock === undefined) {
    const message = `The subnet '${subnet.id}' does not have an IPv6 CIDR block`;
    throw apiError(OPERATION, "InvalidParameterValue", message);
  }
}

/** What both a new instance and a changed one may get wrong. */
function refuseMachine(inputs: Properties, world: World, operation: string): void {
  const type = textOf(inputs.instanceType);
  if (type !== undefined && !isInstanceType(type)) {
    throw apiError(operation, "InvalidParameterValue", `Invalid value '${type}' for InstanceType.`);
  }
  const vpcId = world.get(tokens.SUBNET, textOf(inputs.subnetId) ?? "")?.inputs.vpcId;
  for (const id of textsOf(inputs.vpcSecurityGroupIds)) {
    if (isDefaultGroup(world, id)) continue;
    const group = existing(world, tokens.SECURITY_GROUP, id, operation);
    if (vpcId !== undefined && group.inputs.vpcId !== vpcId) {
      const message = `Security group ${id} and subnet ${textOf(inputs.subnetId)} belong to different networks.`;
      throw apiError(operation, "InvalidParameter", message);
    }
  }
  const profile = textOf(inputs.iamInstanceProfile);
  if (profile !== undefined && !world.get(tokens.INSTANCE_PROFILE, profile)) {
    const message = `Value (${profile}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`;
    throw apiError(operation, "InvalidParameterValue", message);
  }
}

function wantedIpv6(inputs: Properties): number {
  return numberOf(inputs.ipv6AddressCount) ?? textsOf(inputs.ipv6Addresses).length;
}

function instanceOutputs(id: string, inputs: Properties, world: World): Properties {
  const keep = (output: string, make: () => unknown) => kept(world, tokens.INSTANCE, id, output, make);
  const subnet = world.get(tokens.SUBNET, textOf(inputs.subnetId) ?? "");
  const privateIp = textOf(
    keep("privateIp", () =>
      subnet ? privateAddress(world, inputs, OPERATION) : `172.31.0.${world.draw() % 250}`,
    ),
  );
  const hasPublic = inputs.associatePublicIpAddress ?? subnet?.inputs.mapPublicIpOnLaunch ?? !subnet;
  const publicIp = textOf(keep("publicIp", () => (hasPublic === true ? publicAddress(world) : ""))) ?? "";
  const region = regionOf(inputs, world);
  return {
    availabilityZone: textOf(inputs.availabilityZone) ?? subnet?.outputs.availabilityZone ?? `${region}a`,
    instanceState: "running",
    ipv6Addresses: keep("ipv6Addresses", () => ipv6Addresses(inputs, subnet?.inputs, world)),
    primaryNetworkInterfaceId: relatedId("eni-", id),
    privateIp,
    privateDns: `ip-${privateIp?.replaceAll(".", "-")}.${region}.compute.internal`,
    publicIp,
    publicDns: publicIp === "" ? "" : publicName(publicIp, inputs, world),
  };
}

function ipv6Addresses(inputs: Properties, subnet: Properties | undefined, world: World): unknown {
  if (inputs.ipv6Addresses !== undefined) return inputs.ipv6Addresses;
  const network = textOf(subnet?.ipv6CidrBlock)?.replace(/::\/\d+$/, "");
  const count = numberOf(inputs.ipv6AddressCount) ?? (subnet?.assignIpv6AddressOnCreation === true ? 1 : 0);
  if (network === undefined) return [];
  // Past the compressed groups, whatever their number: an address of the subnet's /64.
  return Array.from({ length: count }, () => `${network}::${(world.draw() + 0xff).toString(16)}`);
}

import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { isObject, type Properties } from "../value";
import { apiError, existing, existingArn } from "./api-error";
import { ACCOUNT, arnOf, awsType, kept, regionOf } from "./aws-type";
import { isInstanceType } from "./instance-type";
import * as tokens from "./tokens";
import { encodedUserDataProblems } from "./user-data";

export const keyPair: CloudType = awsType({
  token: tokens.KEY_PAIR,
  forceNew: ["keyName", "keyNamePrefix", "publicKey"],
  name: {
    property: "keyName",
    pattern: /^[\x20-\x7e]+$/,
    max: 255,
    scope: regionOf,
    taken: () => "api error InvalidKeyPair.Duplicate: The keypair already exists",
  },
  create: (inputs) => {
    if (/^(ssh-rsa|ssh-ed25519) [A-Za-z0-9+/]+={0,2}( |$)/.test((textOf(inputs.publicKey) ?? "").trim()))
      return;
    const message = "Key is not in valid OpenSSH public key format";
    throw apiError("EC2: ImportKeyPair", "InvalidKey.Format", message);
  },
  id: (inputs) => textOf(inputs.keyName) ?? "",
  arn: arnOf("ec2", (id) => `key-pair/${id}`),
  computed: ["fingerprint", "keyPairId", "keyType"],
  outputs: (id, inputs, world) => ({
    fingerprint: "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00",
    keyPairId: kept(world, tokens.KEY_PAIR, id, "keyPairId", () => world.nextId("key-")),
    keyType: textOf(inputs.publicKey)?.startsWith("ssh-rsa") ? "rsa" : "ed25519",
  }),
});

export const launchTemplate: CloudType = awsType({
  token: tokens.LAUNCH_TEMPLATE,
  forceNew: ["name", "namePrefix"],
  name: {
    property: "name",
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
    pattern: /^[a-zA-Z0-9().\-/_]{3,}$/,
    max: 125,
    scope: regionOf,
    taken: () =>
      "api error InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.",
  },
  check: (inputs) => encodedUserDataProblems(inputs, "userData"),
  create: refuseTemplate,
  update: (_before, inputs, world) => refuseTemplate(inputs, world),
  id: (_inputs, world) => world.nextId("lt-"),
  arn: arnOf("ec2", (id) => `launch-template/${id}`),
  computed: ["defaultVersion", "latestVersion"],
  changing: ["defaultVersion", "latestVersion"],
  outputs: (id, inputs, world) => {
    const before = world.get(tokens.LAUNCH_TEMPLATE, id)?.outputs;
    const latestVersion = (numberOf(before?.latestVersion) ?? 0) + 1;
    const moves = inputs.updateDefaultVersion === true || before === undefined;
    const defaultVersion =
      numberOf(inputs.defaultVersion) ?? (moves ? latestVersion : numberOf(before?.defaultVersion));
    return { latestVersion, defaultVersion };
  },
});

function refuseTemplate(inputs: Properties, world: World): void {
  const operation = "EC2: CreateLaunchTemplate";
  const type = textOf(inputs.instanceType);
  if (type !== undefined && !isInstanceType(type)) {
    throw apiError(operation, "InvalidParameterValue", `Invalid value '${type}' for InstanceType.`);
  }
  const groups = [inputs, ...objectsOf(inputs.networkInterfaces)];
  for (const id of groups.flatMap((part) => [
    ...textsOf(part.vpcSecurityGroupIds),
    ...textsOf(part.securityGroups),
  ])) {
    existing(world, tokens.SECURITY_GROUP, id, operation);
  }
  if (inputs.keyName !== undefined) existing(world, tokens.KEY_PAIR, inputs.keyName, operation);
}

export const autoscalingGroup: CloudType = awsType({
  token: tokens.AUTOSCALING_GROUP,
  forceNew: ["name", "namePrefix"],
  unordered: ["vpcZoneIdentifiers", "targetGroupArns", "tags", "enabledMetrics", "loadBalancers"],
  name: {
    property: "name",
    pattern: /^[^:]+$/,
    max: 255,
    scope: regionOf,
    taken: () =>
      "api error AlreadyExists: AutoScalingGroup by this name already exists - A group with the name already exists",
  },
  check: groupProblems,
  create: refuseGroup,
  update: (_before, inputs, world) => refuseGroup(inputs, world),
  id: (inputs) => textOf(inputs.name) ?? "",
  arn: arnOf("autoscaling", (id) => `autoScalingGroup:${id}:autoScalingGroupName/${id}`),
  computed: [
    "availabilityZones",
    "desiredCapacity",
    "predictedCapacity",
    "vpcZoneIdentifiers",
    "warmPoolSize",
  ],
  outputs: (_id, inputs) => ({
    desiredCapacity: inputs.desiredCapacity ?? inputs.minSize,
    predictedCapacity: 0,
    vpcZoneIdentifiers: inputs.vpcZoneIdentifiers ?? [],
    warmPoolSize: 0,
  }),
});

function groupProblems(inputs: Properties): Problem[] {
  const [min, max] = [numberOf(inputs.minSize), numberOf(inputs.maxSize)];
  const desired = numberOf(inputs.desiredCapacity);
  const sources = ["launchTemplate", "launchConfiguration", "mixedInstancesPolicy"];
  return [
    ...problem(
      (min ?? 0) > (max ?? Number.POSITIVE_INFINITY),
      "minSize",
      `Min size ${min} is above max size ${max}`,
    ),
    ...problem(
      (desired ?? min ?? 0) < (min ?? 0) || (desired ?? 0) > (max ?? Number.POSITIVE_INFINITY),
      "desiredCapacity",
      `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
    ),
    ...problem(
      sources.filter((key) => key in inputs).length !== 1,
      "launchTemplate",
      `one of ${sources.join(", ")} must be specified`,
    ),
    ...problem(
      "vpcZoneIdentifiers" in inputs === "availabilityZones" in inputs,
      "vpcZoneIdentifiers",
      "give one of vpcZoneIdentifiers and availabilityZones",
    ),
  ];
}

function refuseGroup(inputs: Properties, world: World): void {
  const operation = "Auto Scaling: CreateAutoScalingGroup";
  const template = isObject(inputs.launchTemplate) ? inputs.launchTemplate : {};
  if (template.id !== undefined) existing(world, tokens.LAUNCH_TEMPLATE, template.id, operation);
  for (const id of textsOf(inputs.vpcZoneIdentifiers)) existing(world, tokens.SUBNET, id, operation);
  for (const arn of textsOf(inputs.targetGroupArns)) existingArn(world, tokens.TARGET_GROUP, arn, operation);
}

const POLICY_TYPES: Readonly<Record<string, string>> = {
  TargetTrackingScaling: "targetTrackingConfiguration",
  PredictiveScaling: "predictiveScalingConfiguration",
  StepScaling: "stepAdjustments",
  SimpleScaling: "scalingAdjustment",
};

export const scalingPolicy: CloudType = awsType({
  token: "aws:autoscaling/policy:Policy",
  forceNew: ["name", "autoscalingGroupName"],
  name: {
    property: "name",
    pattern: /.+/,
    max: 1600,
    scope: (inputs) => textOf(inputs.autoscalingGroupName) ?? "",
  },
  check: (inputs) => {
    const type = "policyType" in inputs ? textOf(inputs.policyType) : "SimpleScaling";
    const needed = type === undefined ? undefined : POLICY_TYPES[type];
    return [
      ...problem(
        type !== undefined && needed === undefined,
        "policyType",
        `expected one of ${Object.keys(POLICY_TYPES).join(", ")}`,
      ),
      ...problem(
        needed !== undefined && !(needed in inputs),
        needed ?? "",
        `is required for policy type ${type}`,
      ),
    ];
  },
  create: (inputs, world) => {
    const name = textOf(inputs.autoscalingGroupName) ?? "";
    if (world.get(tokens.AUTOSCALING_GROUP, name)) return;
    throw apiError("Auto Scaling: PutScalingPolicy", "ValidationError", `Group ${name} not found`);
  },
  id: (inputs) => textOf(inputs.name) ?? "",
  arn: (id, inputs, world) =>
    `arn:aws:autoscaling:${regionOf(inputs, world)}:${ACCOUNT}:scalingPolicy:${id}:autoScalingGroupName/${textOf(inputs.autoscalingGroupName)}:policyName/${id}`,
});

import { createHash } from "node:crypto";
import type { Problem } from "../check";
import type { CloudType, NameRule } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, busyError, existing, existingArn } from "./api-error";
import { ACCOUNT, awsType, regionOf } from "./aws-type";
import * as tokens from "./tokens";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
function nameRule(noun: string, code: string): NameRule {
  return {
    property: "name",
    pattern: /^(?!-|internal-)[a-zA-Z0-9-]+(?<!-)$/,
    max: 32,
    scope: regionOf,
    taken: (name) =>
      `api error ${code}: A ${noun} with the name '${name}' exists, but with different settings`,
  };
}

function elbArn(path: string, inputs: Properties, world: World): string {
  const key = createHash("sha256").update(path).digest("hex").slice(0, 16);
  return `arn:aws:elasticloadbalancing:${regionOf(inputs, world)}:${ACCOUNT}:${path}/${key}`;
}

const KINDS: Readonly<Record<string, { path: string; protocols: readonly string[] }>> = {
  application: { path: "app", protocols: ["HTTP", "HTTPS"] },
  network: { path: "net", protocols: ["TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"] },
  gateway: { path: "gwy", protocols: ["GENEVE"] },
};

function kindOf(inputs: Properties): string {
  return textOf(inputs.loadBalancerType) ?? "application";
}

function loadBalancerArn(inputs: Properties, world: World): string {
  const path = KINDS[kindOf(inputs)]?.path ?? "app";
  return elbArn(`loadbalancer/${path}/${textOf(inputs.name)}`, inputs, world);
}

export const loadBalancer: CloudType = awsType({
  token: tokens.LOAD_BALANCER,
  forceNew: ["customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"],
  unordered: ["securityGroups", "subnets", "subnetMappings"],
  name: nameRule("load balancer", "DuplicateLoadBalancerName"),
  check: (inputs) => [
    ...problem(
      !(kindOf(inputs) in KINDS),
      "loadBalancerType",
      `expected one of ${Object.keys(KINDS).join(", ")}`,
    ),
    ...problem(
      !("subnets" in inputs || "subnetMappings" in inputs),
      "subnets",
      "give subnets or subnetMappings",
    ),
    ...idleProblems(inputs),
  ],
  create: refuseSubnets,
  update: (_before, inputs, world) => refuseSubnets(inputs, world),
  delete: (id, state) => {
    if (state.enableDeletionProtection !== true) return;
    throw apiError(
      "Elastic Load Balancing v2: DeleteLoadBalancer",
      "OperationNotPermitted",
      `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
    );
  },
  id: loadBalancerArn,
  arn: (id) => id,
  computed: ["arnSuffix", "dnsName", "securityGroups", "subnets", "vpcId", "zoneId"],
  outputs: (id, inputs, world) => ({
    arnSuffix: id.split(":loadbalancer/")[1],
    dnsName: `${textOf(inputs.name)}-${id.slice(-16)}.elb.${regionOf(inputs, world)}.amazonaws.com`,
    securityGroups: inputs.securityGroups ?? [],
    subnets: subnetIds(inputs),
    vpcId: world.get(tokens.SUBNET, subnetIds(inputs)[0] ?? "")?.inputs.vpcId,
    zoneId: "Z3F0SRJ5LGBH90",
  }),
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
function idleProblems(inputs: Properties): Problem[] {
  const seconds = numberOf(inputs.idleTimeout);
  if (seconds === undefined) return [];
  return [
    ...problem(
      kindOf(inputs) !== "application",
      "idleTimeout",
      "only valid for load balancers of type application",
    ),
    ...problem(seconds < 1 || seconds > 4000, "idleTimeout", "must be 1 to 4000"),
  ];
}

function subnetIds(inputs: Properties): string[] {
  const mapped = objectsOf(inputs.subnetMappings).map((mapping) => textOf(mapping.subnetId) ?? "");
  return [...textsOf(inputs.subnets), ...mapped];
}

function refuseSubnets(inputs: Properties, world: World): void {
  const operation = "Elastic Load Balancing v2: CreateLoadBalancer";
  const subnets = subnetIds(inputs).map((id) => existing(world, tokens.SUBNET, id, operation));
  const zones = new Set(subnets.map((subnet) => subnet.outputs.availabilityZone));
  if (zones.size < subnets.length) {
    const message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone";
    throw apiError(operation, "InvalidConfigurationRequest", message);
  }
  if (kindOf(inputs) === "application" && zones.size < 2) {
    const message = "At least two subnets in two different Availability Zones must be specified";
    throw apiError(operation, "ValidationError", message);
  }
  for (const mapping of objectsOf(inputs.subnetMappings)) {
    if (mapping.allocationId !== undefined) existing(world, tokens.EIP, mapping.allocationId, operation);
  }
  for (const id of textsOf(inputs.securityGroups)) existing(world, tokens.SECURITY_GROUP, id, operation);
}

export const targetGroup: CloudType = awsType({
  token: tokens.TARGET_GROUP,
  forceNew: [
    "ipAddressType",
    "name",
    "namePrefix",
    "port",
    "protocol",
    "protocolVersion",
    "targetType",
    "vpcId",
  ],
  name: nameRule("target group", "DuplicateTargetGroupName"),
  check: (inputs) => {
    const isLambda = inputs.targetType === "lambda";
    const port = numberOf(inputs.port);
    return [
      ...["port", "protocol", "vpcId"].flatMap((key) =>
        problem(!isLambda && !(key in inputs), key, "is required unless targetType is lambda"),
      ),
      ...problem(port !== undefined && (port < 1 || port > 65535), "port", "must be 1 to 65535"),
    ];
  },
  create: (inputs, world) => {
    if (inputs.vpcId !== undefined) {
      existing(world, tokens.VPC, inputs.vpcId, "Elastic Load Balancing v2: CreateTargetGroup");
    }
  },
  delete: (id, _state, world) => {
    const isUsed = world.all(tokens.LISTENER).some(({ inputs }) => forwardsTo(inputs).includes(id));
    if (!isUsed) return;
    const message = `Target group '${id}' is currently in use by a listener or a rule`;
    throw busyError("Elastic Load Balancing v2: DeleteTargetGroup", "ResourceInUse", message);
  },
  id: (inputs, world) => elbArn(`targetgroup/${textOf(inputs.name)}`, inputs, world),
  arn: (id) => id,
  computed: ["arnSuffix", "loadBalancerArns"],
  outputs: (id) => ({ arnSuffix: id.split(`${ACCOUNT}:`)[1], loadBalancerArns: [] }),
});

function forwardsTo(inputs: Properties): string[] {
  return objectsOf(inputs.defaultActions).flatMap((action) => {
    const groups = objectsOf(action.forward).flatMap((forward) => objectsOf(forward.targetGroups));
    return [action.targetGroupArn, ...groups.map((group) => group.arn)].flatMap((arn) => textOf(arn) ?? []);
  });
}

export const listener: CloudType = awsType({
  token: tokens.LISTENER,
  forceNew: ["loadBalancerArn"],
  create: (inputs, world) => {
    const operation = "Elastic Load Balancing v2: CreateListener";
    refuseListener(inputs, world, operation);
    const isTaken = world
      .all(tokens.LISTENER)
      .some(
        ({ inputs: other }) => other.loadBalancerArn === inputs.loadBalancerArn && other.port === inputs.port,
      );
    if (isTaken) {
      const message = "A listener already exists on this port for this load balancer";
      throw apiError(operation, "DuplicateListener", message);
    }
  },
  update: (_before, inputs, world) => {
    refuseListener(inputs, world, "Elastic Load Balancing v2: ModifyListener");
  },
  id: (inputs, world) => {
    const balancer = textOf(inputs.loadBalancerArn)?.replace(":loadbalancer/", ":listener/");
    return `${balancer}/${world.nextId("", 16)}`;
  },
  arn: (id) => id,
  computed: ["protocol", "sslPolicy"],
  outputs: (_id, inputs) => ({ protocol: inputs.protocol ?? "HTTP", sslPolicy: inputs.sslPolicy ?? "" }),
});

function refuseListener(inputs: Properties, world: World, operation: string): void {
  const balancer = existingArn(world, tokens.LOAD_BALANCER, inputs.loadBalancerArn, operation);
  const kind = kindOf(balancer.inputs);
  const protocol = textOf(inputs.protocol) ?? "HTTP";
  if (!KINDS[kind]?.protocols.includes(protocol)) {
    const message = `Protocol '${protocol}' is not supported by load balancers of type '${kind}'`;
    throw apiError(operation, "ValidationError", message);
  }
  if (/^(HTTPS|TLS)$/.test(protocol) && inputs.certificateArn === undefined) {
    const message = `A certificate must be specified for ${protocol} listeners`;
    throw apiError(operation, "ValidationError", message);
  }
  refuseCertificate(textOf(inputs.certificateArn), regionOf(inputs, world), operation);
  for (const arn of forwardsTo(inputs)) {
    const group = existingArn(world, tokens.TARGET_GROUP, arn, operation);
    if (KINDS[kind]?.protocols.includes(textOf(group.inputs.protocol) ?? "")) continue;
    const message = `Target group '${arn}' with protocol '${textOf(group.inputs.protocol)}' cannot be used with load balancers of type '${kind}'`;
    throw apiError(operation, "IncompatibleProtocols", message);
  }
}

/** One of another region is not known to this one (Elastic Load Balancing, "SSL certificates"). */
function refuseCertificate(arn: string | undefined, region: string, operation: string): void {
  if (arn === undefined || arn.startsWith(`arn:aws:acm:${region}:`) || arn.startsWith("arn:aws:iam::"))
    return;
  throw apiError(operation, "CertificateNotFound", `Certificate '${arn}' not found`);
}

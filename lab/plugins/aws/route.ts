import { prefixOf } from "../cloud/cidr";
import type { CloudType } from "../cloud/cloud-type";
import { objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, existing } from "./api-error";
import { ACCOUNT, arnOf, awsType, relatedId } from "./aws-type";
import * as tokens from "./tokens";

const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;
const TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
] as const;

export const routeTable: CloudType = awsType({
  token: tokens.ROUTE_TABLE,
  forceNew: ["vpcId"],
  unordered: ["routes"],
  create: refuseInlineRoutes,
  update: (_before, inputs, world) => refuseInlineRoutes(inputs, world),
  id: (_inputs, world) => world.nextId("rtb-"),
  arn: arnOf("ec2", (id) => `route-table/${id}`),
  computed: ["ownerId", "routes", "propagatingVgws"],
  outputs: (_id, inputs) => ({ ownerId: ACCOUNT, routes: inputs.routes ?? [], propagatingVgws: [] }),
});

function refuseInlineRoutes(inputs: Properties, world: World): void {
  existing(world, tokens.VPC, inputs.vpcId, "EC2: CreateRouteTable");
  for (const route of objectsOf(inputs.routes)) refuseTarget(route, inputs.vpcId, "the new table", world);
}

/** A gateway serves tables of its own network only. */
function refuseTarget(route: Properties, vpcId: unknown, table: string, world: World): void {
  const operation = "EC2: CreateRoute";
  if (route.natGatewayId !== undefined) existing(world, tokens.NAT_GATEWAY, route.natGatewayId, operation);
  const gateway = textOf(route.gatewayId);
  if (!gateway?.startsWith("igw-")) return;
  const found = existing(world, tokens.INTERNET_GATEWAY, gateway, operation);
  if (found.inputs.vpcId === vpcId) return;
  throw apiError(
    operation,
    "InvalidParameterValue",
    `route table ${table} and network gateway ${gateway} belong to different networks`,
  );
}

export const route: CloudType = awsType({
  token: "aws:ec2/route:Route",
  forceNew: ["routeTableId", ...DESTINATIONS],
  check: (inputs) => [
    ...problem(
      DESTINATIONS.filter((key) => key in inputs).length !== 1,
      "destinationCidrBlock",
      `one of ${DESTINATIONS.join(", ")} must be specified`,
    ),
    ...problem(
      TARGETS.filter((key) => key in inputs).length !== 1,
      "gatewayId",
      `one of ${TARGETS.join(", ")} must be specified`,
    ),
    ...DESTINATIONS.slice(0, 2).flatMap((key) => {
      const cidr = textOf(inputs[key]);
      const isWrong = cidr !== undefined && prefixOf(cidr) === undefined;
      return problem(isWrong, key, `"${cidr}" is not a valid CIDR block`);
    }),
  ],
  create: (inputs, world) => {
    const operation = "EC2: CreateRoute";
    const table = existing(world, tokens.ROUTE_TABLE, inputs.routeTableId, operation);
    const destination = DESTINATIONS.map((key) => textOf(inputs[key])).find(Boolean) ?? "";
    const isTaken = world
      .all("aws:ec2/route:Route")
      .some(
        (other) =>
          other.inputs.routeTableId === inputs.routeTableId &&
          DESTINATIONS.some((key) => other.inputs[key] === destination),
      );
    if (isTaken) {
      const message = `The route identified by ${destination} already exists.`;
      throw apiError(operation, "RouteAlreadyExists", message);
    }
    refuseTarget(inputs, table.inputs.vpcId, table.id, world);
  },
  update: (_before, inputs, world) => {
    const table = existing(world, tokens.ROUTE_TABLE, inputs.routeTableId, "EC2: ReplaceRoute");
    refuseTarget(inputs, table.inputs.vpcId, table.id, world);
  },
  id: (inputs, world) => world.nextId(`r-${textOf(inputs.routeTableId)}`, 10),
  computed: ["instanceId", "instanceOwnerId", "networkInterfaceId", "origin", "state"],
  outputs: () => ({ origin: "CreateRoute", state: "active" }),
});

export const routeTableAssociation: CloudType = awsType({
  token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  forceNew: ["subnetId", "gatewayId"],
  check: (inputs) =>
    problem("subnetId" in inputs === "gatewayId" in inputs, "subnetId", "give one of subnetId and gatewayId"),
  create: (inputs, world) => {
    const operation = "EC2: AssociateRouteTable";
    const table = existing(world, tokens.ROUTE_TABLE, inputs.routeTableId, operation);
    if (inputs.subnetId === undefined) return;
    const subnet = existing(world, tokens.SUBNET, inputs.subnetId, operation);
    if (subnet.inputs.vpcId !== table.inputs.vpcId) {
      const message = `Route table ${table.id} and subnet ${subnet.id} belong to different networks`;
      throw apiError(operation, "InvalidParameterValue", message);
    }
    const other = world.findBy(routeTableAssociation.token, "subnetId", inputs.subnetId);
    if (other) {
      throw apiError(
        operation,
        "Resource.AlreadyAssociated",
        `the specified association for route table ${table.id} conflicts with an existing association`,
      );
    }
  },
  update: (_before, inputs, world) => {
    existing(world, tokens.ROUTE_TABLE, inputs.routeTableId, "EC2: ReplaceRouteTableAssociation");
  },
  id: (_inputs, world) => world.nextId("rtbassoc-"),
});

export const vpcEndpoint: CloudType = awsType({
  token: tokens.VPC_ENDPOINT,
  forceNew: [
    "vpcId",
    "serviceName",
    "vpcEndpointType",
    "serviceRegion",
    "resourceConfigurationArn",
    "serviceNetworkArn",
  ],
  unordered: ["routeTableIds", "subnetIds", "securityGroupIds"],
  create: (inputs, world) => {
    const operation = "EC2: CreateVpcEndpoint";
    existing(world, tokens.VPC, inputs.vpcId, operation);
    const service = textOf(inputs.serviceName) ?? "";
    if (!/^(com\.amazonaws\.[a-z0-9-]+\.|aws\.)[a-z0-9.-]+$/.test(service)) {
      throw apiError(operation, "InvalidServiceName", `The Vpc Endpoint Service '${service}' does not exist`);
    }
    refuseMembers(inputs, world, operation);
  },
  update: (_before, inputs, world) => refuseMembers(inputs, world, "EC2: ModifyVpcEndpoint"),
  id: (_inputs, world) => world.nextId("vpce-"),
  arn: arnOf("ec2", (id) => `vpc-endpoint/${id}`),
  computed: [
    "cidrBlocks",
    "dnsEntries",
    "networkInterfaceIds",
    "ownerId",
    "prefixListId",
    "requesterManaged",
    "state",
  ],
  outputs: (id, inputs) => ({
    cidrBlocks: [],
    dnsEntries: [],
    networkInterfaceIds: textsOf(inputs.subnetIds).map((subnet) => relatedId("eni-", subnet)),
    ownerId: ACCOUNT,
    prefixListId: relatedId("pl-", id),
    requesterManaged: false,
    state: "available",
  }),
});

function refuseMembers(inputs: Properties, world: World, operation: string): void {
  for (const id of textsOf(inputs.routeTableIds)) existing(world, tokens.ROUTE_TABLE, id, operation);
  for (const id of textsOf(inputs.subnetIds)) existing(world, tokens.SUBNET, id, operation);
  for (const id of textsOf(inputs.securityGroupIds)) existing(world, tokens.SECURITY_GROUP, id, operation);
}

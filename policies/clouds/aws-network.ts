import { ANYONE, isIpv6 } from "../addresses";
import type { Opening, Way } from "../graph";
import type { Resource, Stack } from "../resource";
import { mapsOf, numberOf, type Properties, textOf, textsOf } from "../value";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";

/** What the security groups of a machine let in. */
export function openings(stack: Stack, machines: readonly Resource[]): Opening[] {
  const groups = machines.flatMap((each) => [
    ...stack.linked(each, "vpcSecurityGroupIds"),
    ...stack.linked(each, "securityGroups"),
    ...stack.linked(each, "networkInterfaces").filter(({ type }) => type === GROUP),
  ]);
  return groups.flatMap((group) => [
    ...mapsOf(group.props.ingress).flatMap((rule) => opened(rule, group)),
    ...stack
      .of(INGRESS)
      .filter((rule) => stack.joins(rule, "securityGroupId", group))
      .flatMap((rule) => opened(rule.props, rule)),
    ...stack
      .of(RULE)
      .filter((rule) => rule.props.type !== "egress" && stack.joins(rule, "securityGroupId", group))
      .flatMap((rule) => opened(rule.props, rule)),
  ]);
}

/** The three kinds of rule that AWS has write the same in different words. */
function opened(rule: Properties, by: Resource): Opening[] {
  const protocol = String(textOf(rule.ipProtocol) ?? textOf(rule.protocol) ?? "-1");
  if (protocol.startsWith("icmp") || protocol === "1" || protocol === "58") return [];
  const sources = sourcesOf(rule);
  if (sources.length === 0) return [];
  const isAny = protocol === "-1" || protocol === "all";
  const [from, to] = [numberOf(rule.fromPort), numberOf(rule.toPort)];
  const udp = protocol === "udp" || protocol === "17";
  return [
    {
      protocol: isAny ? "any" : udp ? "udp" : "tcp",
      from: isAny || from === undefined || from < 0 ? 0 : from,
      to: isAny || to === undefined || to < 0 ? 65535 : to,
      ...{ sources, layer: "cloud", by },
    },
  ];
}

/** A prefix list is a list of networks that nobody here can read: it may be anyone's. */
const sourcesOf = (rule: Properties): string[] => [
  ...[rule.cidrIpv4, rule.cidrIpv6].flatMap((cidr) => textOf(cidr) ?? []),
  ...[...textsOf(rule.cidrBlocks), ...textsOf(rule.ipv6CidrBlocks)],
  ...(textOf(rule.prefixListId) !== undefined || textsOf(rule.prefixListIds).length > 0 ? ANYONE : []),
];

/** How packets reach a machine: by addresses of its own and routes of its subnets, balancers, and peered networks. */
export function ways(stack: Stack, machine: Resource, joined: Resource, subnets: readonly Resource[]): Way[] {
  const routes = subnets.flatMap((subnet) => routesOf(stack, subnet));
  const direct = [...addresses(stack, machine, subnets)].filter(({ family }) =>
    routes.some((route) => route.toInternet && isIpv6(route.to) === (family === 6)),
  );
  const peered = routes.flatMap(({ to, by, throughPeer }): Way[] =>
    throughPeer
      ? [{ through: `the peered network ${to}`, family: isIpv6(to) ? 6 : 4, sources: [to], by }]
      : [],
  );
  return [...direct, ...peered, ...balancers(stack, joined)];
}

function addresses(stack: Stack, machine: Resource, subnets: readonly Resource[]): Way[] {
  const { props } = machine;
  const interfaces = mapsOf(props.networkInterfaces);
  const elastic = [
    ...stack
      .of("aws:ec2/eipAssociation:EipAssociation")
      .filter((each) => stack.joins(each, "instanceId", machine)),
    ...stack.of("aws:ec2/eip:Eip").filter((each) => stack.joins(each, "instance", machine)),
  ];
  const isGiven = (given: unknown) => given === true || given === "true";
  const drawn =
    isGiven(props.associatePublicIpAddress) ||
    interfaces.some(({ associatePublicIpAddress }) => isGiven(associatePublicIpAddress)) ||
    (props.associatePublicIpAddress === undefined &&
      subnets.some(({ props }) => props.mapPublicIpOnLaunch === true));
  const hasIpv6 =
    (numberOf(props.ipv6AddressCount) ?? 0) > 0 ||
    textsOf(props.ipv6Addresses).length > 0 ||
    subnets.some(({ props }) => props.assignIpv6AddressOnCreation === true);
  const by = elastic[0] ?? machine;
  return [
    ...(elastic.length > 0 || drawn
      ? [{ through: "its public IPv4 address", family: 4 as const, sources: [ANYONE[0]], by }]
      : []),
    ...(hasIpv6
      ? [{ through: "its IPv6 address", family: 6 as const, sources: [ANYONE[1]], by: machine }]
      : []),
  ];
}

/** Where a subnet's packets go, and so from where packets can begin. An egress-only gateway lets none begin. */
function routesOf(stack: Stack, subnet: Resource) {
  const tables = stack
    .of("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter((each) => stack.joins(each, "subnetId", subnet))
    .flatMap((each) => stack.linked(each, "routeTableId"));
  const routes = stack
    .of("aws:ec2/route:Route")
    .filter((route) => tables.some((table) => stack.joins(route, "routeTableId", table)));
  return [
    ...routes.map((by) => ({ by, route: by.props, gateways: stack.linked(by, "gatewayId") })),
    ...tables.flatMap((by) =>
      mapsOf(by.props.routes).map((route) => ({ by, route, gateways: stack.linked(by, "routes") })),
    ),
  ].map(({ by, route, gateways }) => ({
    by,
    to:
      textOf(route.destinationCidrBlock) ??
      textOf(route.cidrBlock) ??
      textOf(route.destinationIpv6CidrBlock) ??
      textOf(route.ipv6CidrBlock) ??
      "",
    toInternet:
      gateways.some(({ type }) => type === GATEWAY) || (textOf(route.gatewayId) ?? "").startsWith("igw-"),
    throughPeer: ["vpcPeeringConnectionId", "transitGatewayId"].some(
      (key) => route[key] !== undefined && route[key] !== "",
    ),
  }));
}

/** A balancer gives on to machines from its own addresses or from the client's: both must be let in to count. */
function balancers(stack: Stack, machine: Resource): Way[] {
  const targets = [
    ...stack.linked(machine, "targetGroupArns"),
    ...stack
      .of("aws:lb/targetGroupAttachment:TargetGroupAttachment")
      .filter((each) => stack.joins(each, "targetId", machine))
      .flatMap((each) => stack.linked(each, "targetGroupArn")),
  ];
  return stack.of("aws:lb/listener:Listener").flatMap((listener) => {
    const reached = targets.filter((target) => stack.joins(listener, "defaultActions", target));
    const [balancer] = stack.linked(listener, "loadBalancerArn");
    if (reached.length === 0 || !balancer || balancer.props.internal === true) return [];
    const ports = reached.flatMap(({ props: { port } }) => numberOf(port) ?? []);
    if (textOf(balancer.props.loadBalancerType) !== "network")
      return fromItself(stack, balancer, { ports, by: listener });
    const families = balancer.props.ipAddressType === "dualstack" ? ([4, 6] as const) : ([4] as const);
    return families.map((family) => ({
      ...{ through: `the balancer ${balancer.name}`, family, ports, by: listener },
      sources: [ANYONE[family === 4 ? 0 : 1]],
    }));
  });
}

/** One that ends connections speaks to its targets from its own subnets, over IPv4. */
const fromItself = (stack: Stack, balancer: Resource, way: Pick<Way, "ports" | "by">): Way[] => [
  {
    ...{ through: `the balancer ${balancer.name}`, family: 4, forAnyone: true, ...way },
    sources: stack.linked(balancer, "subnets").flatMap(({ props }) => textOf(props.cidrBlock) ?? []),
  },
];

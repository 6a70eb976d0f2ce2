import { ANYONE, FRONT_ENDS } from "../addresses";
import type { Opening, Way } from "../graph";
import type { Resource, Stack } from "../resource";
import { listOf, mapOf, mapsOf, numberOf, textsOf } from "../value";

/** What the VPC's firewall lets in to a machine. Rules that deny are not read: an open one below them is still found. */
export const openings = (stack: Stack, machine: Resource): Opening[] =>
  stack
    .of("gcp:compute/firewall:Firewall")
    .filter((rule) => isInbound(rule) && sharesNetwork(stack, rule, machine) && aimsAt(stack, rule, machine))
    .flatMap((rule) => mapsOf(rule.props.allows).flatMap((allow) => opened(rule, allow)));

const isInbound = ({ props: { direction, disabled } }: Resource): boolean =>
  direction !== "EGRESS" && disabled !== true;

/** A rule is of one network. Where either's cannot be told, it may be the machine's. */
function sharesNetwork(stack: Stack, rule: Resource, machine: Resource): boolean {
  const networks = (resource: Resource, property: string) =>
    stack
      .linked(resource, property)
      .flatMap((each) =>
        each.type === "gcp:compute/network:Network"
          ? [each.urn]
          : stack.linked(each, "network").map(({ urn }) => urn),
      );
  const [its, ours] = [networks(rule, "network"), networks(machine, "networkInterfaces")];
  return its.length === 0 || ours.length === 0 || its.some((urn) => ours.includes(urn));
}

function aimsAt(stack: Stack, rule: Resource, machine: Resource): boolean {
  const { targetTags, targetServiceAccounts } = rule.props;
  if (targetTags === undefined && targetServiceAccounts === undefined) return true;
  const tags = textsOf(machine.props.tags);
  const accounts = stack.linked(rule, "targetServiceAccounts");
  const email = mapOf(mapsOf(machine.props.serviceAccount)[0]).email;
  return (
    textsOf(targetTags).some((tag) => tags.includes(tag)) ||
    accounts.some((account) => stack.joins(machine, "serviceAccount", account)) ||
    textsOf(targetServiceAccounts).some((account) => account === email)
  );
}

function opened(rule: Resource, { protocol, ports }: Readonly<Record<string, unknown>>): Opening[] {
  const name = String(protocol);
  if (name === "icmp" || name === "58" || name === "1") return [];
  const { sourceRanges, sourceTags, sourceServiceAccounts } = rule.props;
  const isFromInside =
    sourceRanges === undefined && (sourceTags !== undefined || sourceServiceAccounts !== undefined);
  const sources = isFromInside ? [] : sourceRanges === undefined ? ANYONE : textsOf(sourceRanges);
  if (sources.length === 0) return [];
  const ranges = listOf(ports).length === 0 ? ["0-65535"] : textsOf(ports);
  return ranges.map((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    const kind = name === "tcp" || name === "6" ? "tcp" : name === "udp" || name === "17" ? "udp" : "any";
    return { protocol: kind, from, to, sources, layer: "cloud", by: rule };
  });
}

/** `group` is what a balancer gives to: the machine itself, or the group that makes it. */
export function ways(stack: Stack, machine: Resource, group: Resource): Way[] {
  const interfaces = mapsOf(machine.props.networkInterfaces);
  const networks = stack.linked(machine, "networkInterfaces");
  const direct: Way[] = [
    ...(interfaces.some(({ accessConfigs }) => listOf(accessConfigs).length > 0)
      ? [{ through: "its public IPv4 address", family: 4 as const, sources: [ANYONE[0]], by: machine }]
      : []),
    ...(interfaces.some(({ ipv6AccessConfigs }) => listOf(ipv6AccessConfigs).length > 0)
      ? [{ through: "its IPv6 address", family: 6 as const, sources: [ANYONE[1]], by: machine }]
      : []),
  ];
  const ofMachine = networks.flatMap((each) => [each, ...stack.linked(each, "network")]);
  const peered = stack
    .of("gcp:compute/networkPeering:NetworkPeering")
    .filter((peering) => ofMachine.some((network) => stack.joins(peering, "network", network)))
    .map((by): Way => ({ through: `the peered network of ${by.name}`, family: 4, sources: [ANYONE[0]], by }));
  return [...direct, ...peered, ...balancers(stack, group)];
}

function balancers(stack: Stack, machine: Resource): Way[] {
  const groups = [
    machine,
    ...stack
      .of("gcp:compute/instanceGroup:InstanceGroup")
      .filter((group) => stack.joins(group, "instances", machine)),
  ];
  const pools = stack
    .of("gcp:compute/targetPool:TargetPool", "gcp:compute/targetInstance:TargetInstance")
    .filter((pool) => ["instances", "instance"].some((key) => stack.joins(pool, key, machine)));
  const backends = stack
    .of("gcp:compute/regionBackendService:RegionBackendService", "gcp:compute/backendService:BackendService")
    .filter((backend) => groups.some((group) => stack.joins(backend, "backends", group)));
  const rules = stack
    .of("gcp:compute/forwardingRule:ForwardingRule", "gcp:compute/globalForwardingRule:GlobalForwardingRule")
    .filter(({ props }) => !String(props.loadBalancingScheme ?? "EXTERNAL").startsWith("INTERNAL"));
  const passing = rules
    .filter(
      (rule) =>
        backends.some((backend) => stack.joins(rule, "backendService", backend)) ||
        pools.some((pool) => stack.joins(rule, "target", pool)),
    )
    .map((by): Way => {
      const ports = listOf(by.props.ports).flatMap((port) => numberOf(port) ?? []);
      return {
        ...{ through: `the balancer ${by.name}`, family: 4, sources: [ANYONE[0]], by },
        ...(ports.length > 0 ? { ports } : {}),
      };
    });
  return [...passing, ...backends.flatMap((backend) => throughProxies(stack, rules, backend, groups))];
}

/** Ways through Google's front ends, which end connections: rule, proxy, map, service. */
function throughProxies(
  stack: Stack,
  rules: readonly Resource[],
  backend: Resource,
  groups: readonly Resource[],
): Way[] {
  const maps = stack
    .of("gcp:compute/uRLMap:URLMap")
    .filter((map) =>
      ["defaultService", "pathMatchers", "defaultRouteAction"].some((key) => stack.joins(map, key, backend)),
    );
  const proxies = stack
    .of("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "gcp:compute/targetHttpProxy:TargetHttpProxy")
    .filter((proxy) => maps.some((map) => stack.joins(proxy, "urlMap", map)));
  const ports = groups
    .flatMap(({ props }) => mapsOf(props.namedPorts))
    .filter(({ name }) => name === backend.props.portName)
    .flatMap(({ port }) => numberOf(port) ?? []);
  return rules
    .filter((rule) => proxies.some((proxy) => stack.joins(rule, "target", proxy)))
    .map((by) => ({
      ...{ through: `the balancer ${by.name}`, family: 4, sources: FRONT_ENDS, forAnyone: true, by },
      ...(ports.length > 0 ? { ports } : {}),
    }));
}

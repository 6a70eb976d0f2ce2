import { CATALOG } from "../../components/targets/digitalocean/catalog";
import { ANYONE } from "../addresses";
import type { Bucket, Disk, DnsName, Opening, Way } from "../graph";
import type { Resource, Stack } from "../resource";
import { mapsOf, numberOf, type Properties, textOf, textsOf } from "../value";
import type { BareMachine, Cloud } from "./cloud";

const DROPLET = "digitalocean:index/droplet:Droplet";
const AUTOSCALE = "digitalocean:index/dropletAutoscale:DropletAutoscale";

export const digitalocean: Cloud = {
  name: "digitalocean",
  machines: (stack) => [
    ...stack.of(DROPLET).map((droplet) => machineOf(stack, droplet, droplet.props, 1)),
    ...stack.of(AUTOSCALE).map((pool) => {
      const { maxInstances, targetNumberInstances } = mapsOf(pool.props.config)[0] ?? {};
      const most = numberOf(maxInstances) ?? numberOf(targetNumberInstances) ?? 1;
      return machineOf(stack, pool, mapsOf(pool.props.dropletTemplate)[0] ?? {}, most);
    }),
  ],
  buckets: (stack) => buckets(stack),
  names: (stack) => names(stack),
  extras: (stack) =>
    stack.of("digitalocean:index/loadBalancer:LoadBalancer").map(() => "loadBalancer" as const),
  catalog: CATALOG,
};

/** One region is one failure domain, and DigitalOcean encrypts its volumes: neither is told by a resource. */
function machineOf(stack: Stack, resource: Resource, props: Properties, count: number): BareMachine {
  const isPool = resource.type === AUTOSCALE;
  const tags = textsOf(props.tags);
  const type = textOf(props.size);
  const image = textOf(props.image) ?? numberOf(props.image)?.toString();
  const firewalls = stack.of("digitalocean:index/firewall:Firewall").filter((firewall) => {
    const isTagged = textsOf(firewall.props.tags).some((tag) => tags.includes(tag));
    return isTagged || stack.joins(firewall, "dropletIds", resource);
  });
  return {
    ...{ resource, cloud: "digitalocean", count, isPool, zones: [], hasCloudFirewall: firewalls.length > 0 },
    tags: Object.fromEntries(tags.map((tag) => [tag, ""])),
    ...(type === undefined ? {} : { type }),
    userData: textOf(props.userData) === undefined ? [] : [textOf(props.userData) ?? ""],
    ...(image === undefined
      ? {}
      : { image: { name: image, frozen: resource.ignoreChanges.includes("image") } }),
    disks: isPool ? [] : attached(stack, resource),
    openings: firewalls.flatMap((firewall) =>
      mapsOf(firewall.props.inboundRules).flatMap((rule) => opened(rule, firewall)),
    ),
    ways: [...direct(resource, props), ...balancers(stack, resource, tags), ...peered(stack, resource)],
  };
}

const attached = (stack: Stack, droplet: Resource): Disk[] =>
  [
    ...stack
      .of("digitalocean:index/volumeAttachment:VolumeAttachment")
      .filter((each) => stack.joins(each, "dropletId", droplet))
      .flatMap((each) => stack.linked(each, "volumeId")),
    ...stack.linked(droplet, "volumeIds"),
  ].map((resource): Disk => {
    const size = numberOf(resource.props.size);
    return { resource, ownedByMachine: false, type: "volume", ...(size === undefined ? {} : { size }) };
  });

function opened(rule: Properties, by: Resource): Opening[] {
  const protocol = textOf(rule.protocol);
  const sources = textsOf(rule.sourceAddresses);
  if ((protocol !== "tcp" && protocol !== "udp") || sources.length === 0) return [];
  const range = textOf(rule.portRange) ?? "all";
  const [from = 0, to = from] = range === "all" || range === "0" ? [0, 65535] : range.split("-").map(Number);
  return [{ protocol, from, to, sources, layer: "cloud", by }];
}

/** Every droplet has a public IPv4 address, unless it is told to have none. */
const direct = (by: Resource, { ipv6, publicNetworking }: Properties): Way[] =>
  publicNetworking === false
    ? []
    : [
        { through: "its public IPv4 address", family: 4, sources: [ANYONE[0]], by },
        ...(ipv6 === true
          ? [{ through: "its IPv6 address", family: 6 as const, sources: [ANYONE[1]], by }]
          : []),
      ];

const balancers = (stack: Stack, machine: Resource, tags: readonly string[]): Way[] =>
  stack
    .of("digitalocean:index/loadBalancer:LoadBalancer")
    .filter(
      (balancer) =>
        balancer.props.network !== "INTERNAL" &&
        (tags.includes(textOf(balancer.props.dropletTag) ?? "") ||
          stack.joins(balancer, "dropletIds", machine)),
    )
    .map((by) => ({
      ...{ through: `the balancer ${by.name}`, family: 4 as const, sources: [ANYONE[0]], by },
      ports: mapsOf(by.props.forwardingRules).flatMap(({ targetPort }) => numberOf(targetPort) ?? []),
    }));

const peered = (stack: Stack, machine: Resource): Way[] =>
  stack
    .of("digitalocean:index/vpcPeering:VpcPeering")
    .filter((peering) => stack.linked(machine, "vpcUuid").some((vpc) => stack.joins(peering, "vpcIds", vpc)))
    .map((by) => ({
      ...{ through: `the peered network of ${by.name}`, family: 4 as const, sources: [ANYONE[0]], by },
    }));

const buckets = (stack: Stack): Bucket[] =>
  stack.of("digitalocean:index/spacesBucket:SpacesBucket").map((resource) => {
    const acl = textOf(resource.props.acl) ?? "private";
    return { resource, ...(acl === "private" ? {} : { open: `its ACL is ${acl}` }), encrypted: true };
  });

const names = (stack: Stack): DnsName[] =>
  stack.of("digitalocean:index/dnsRecord:DnsRecord").flatMap((resource) => {
    const { name: label, domain, ttl: seconds, type } = resource.props;
    const zone = textOf(domain) ?? textOf(stack.linked(resource, "domain")[0]?.props.name);
    if (textOf(label) === undefined || zone === undefined) return [];
    const name = label === "@" ? zone : `${textOf(label)}.${zone}`;
    const ttl = numberOf(seconds);
    return [{ resource, name, type: textOf(type) ?? "", ...(ttl === undefined ? {} : { ttl }) }];
  });

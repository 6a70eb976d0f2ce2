import { CATALOG } from "../../components/targets/gcp/catalog";
import type { Bucket, Disk, DnsName } from "../graph";
import type { Resource, Stack } from "../resource";
import { mapsOf, numberOf, textMapOf, textOf } from "../value";
import type { BareMachine, Cloud } from "./cloud";
import { openings, ways } from "./gcp-network";

const INSTANCE = "gcp:compute/instance:Instance";
const GROUPS = [
  "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager",
  "gcp:compute/instanceGroupManager:InstanceGroupManager",
];

export const gcp: Cloud = {
  name: "gcp",
  machines: (stack) => [
    ...stack.of(INSTANCE).map((instance) => instanceOf(stack, instance)),
    ...stack.of(...GROUPS).flatMap((group) => groupOf(stack, group)),
  ],
  buckets: (stack) => stack.of("gcp:storage/bucket:Bucket").map((bucket) => bucketOf(stack, bucket)),
  names: (stack) => names(stack),
  extras: (stack) => [
    ...stack.of("gcp:compute/address:Address").map(() => "publicIpv4" as const),
    ...stack.of("gcp:compute/routerNat:RouterNat").map(() => "nat" as const),
    ...stack.of("gcp:compute/globalAddress:GlobalAddress").map(() => "publicIpv4" as const),
    // One that ends TLS has a rule for plain HTTP too: all of them together cost what one does, up to five.
    ...stack
      .of("gcp:compute/forwardingRule:ForwardingRule", "gcp:compute/targetHttpsProxy:TargetHttpsProxy")
      .map(() => "loadBalancer" as const),
    ...stack.of("gcp:dns/managedZone:ManagedZone").map(() => "dnsZone" as const),
  ],
  catalog: CATALOG,
};

function instanceOf(stack: Stack, resource: Resource): BareMachine {
  const { props, ignoreChanges } = resource;
  const tags = textMapOf(props.labels);
  const zone = textOf(props.zone);
  const type = textOf(props.machineType);
  const boot = mapsOf(props.bootDisk).flatMap(({ initializeParams }) => mapsOf(initializeParams));
  const image = textOf(boot[0]?.image);
  const system = boot.map(({ size, type: kind }) => diskOf(resource, { size, type: kind }, true));
  return {
    ...{ resource, cloud: "gcp", count: 1, isPool: false, tags, hasCloudFirewall: true },
    ...{ hostTag: tags["nodewright-host"], roleTag: tags["nodewright-role"] },
    ...(type === undefined ? {} : { type }),
    zones: zone === undefined ? [] : [zone],
    userData: Object.values(textMapOf(props.metadata)),
    ...(image === undefined ? {} : { image: { name: image, frozen: ignoreChanges.includes("bootDisk") } }),
    disks: [...system, ...attached(stack, resource)],
    openings: openings(stack, resource),
    ways: ways(stack, resource, resource),
    refusesDeletion: props.deletionProtection === true,
  };
}

/** Google encrypts every disk, and sells no way out of it. */
const diskOf = (
  resource: Resource,
  props: Readonly<Record<string, unknown>>,
  ownedByMachine: boolean,
): Disk => {
  const [size, type] = [numberOf(props.size), textOf(props.type)];
  const [iops, throughput] = [numberOf(props.provisionedIops), numberOf(props.provisionedThroughput)];
  return {
    ...{ resource, ownedByMachine },
    ...(size === undefined ? {} : { size }),
    ...(type === undefined ? {} : { type }),
    ...(iops === undefined ? {} : { iops }),
    ...(throughput === undefined ? {} : { throughput }),
  };
};

const attached = (stack: Stack, instance: Resource): Disk[] =>
  [
    ...stack.linked(instance, "attachedDisks"),
    ...stack
      .of("gcp:compute/attachedDisk:AttachedDisk")
      .filter((each) => stack.joins(each, "instance", instance))
      .flatMap((each) => stack.linked(each, "disk")),
  ]
    .filter(({ type }) => /^gcp:compute\/(regionD|d)isk:/.test(type))
    .map((disk) => diskOf(disk, disk.props, false));

function groupOf(stack: Stack, group: Resource): BareMachine[] {
  const template = stack.linked(group, "versions").find(({ type }) => type.includes("nstanceTemplate"));
  if (!template) return [];
  const { props } = template;
  const tags = textMapOf(props.labels);
  const type = textOf(props.machineType);
  const scaling = stack
    .of("gcp:compute/regionAutoscaler:RegionAutoscaler", "gcp:compute/autoscaler:Autoscaler")
    .find((each) => stack.joins(each, "target", group));
  const most =
    numberOf(mapsOf(scaling?.props.autoscalingPolicy)[0]?.maxReplicas) ?? numberOf(group.props.targetSize);
  const later = mapsOf(group.props.allInstancesConfig)[0]?.metadata;
  const image = textOf(mapsOf(props.disks)[0]?.sourceImage);
  const zones = group.props.distributionPolicyZones ?? [group.props.zone];
  return [
    {
      ...{ resource: template, cloud: "gcp", isPool: true, tags, hasCloudFirewall: true },
      ...{ hostTag: tags["nodewright-host"], roleTag: tags["nodewright-role"] },
      count: most ?? 1,
      ...(type === undefined ? {} : { type }),
      zones: Array.isArray(zones) ? zones.flatMap((zone: unknown) => textOf(zone) ?? []) : [],
      userData: [...Object.values(textMapOf(props.metadata)), ...Object.values(textMapOf(later))],
      ...(image === undefined ? {} : { image: { name: image, frozen: false } }),
      disks: mapsOf(props.disks).map(({ diskSizeGb, diskType, ...rest }) =>
        diskOf(template, { ...rest, size: diskSizeGb, type: diskType }, true),
      ),
      openings: openings(stack, template),
      ways: ways(stack, template, group),
    },
  ];
}

const EVERYBODY = ["allUsers", "allAuthenticatedUsers"];

/** Whom IAM lets read a bucket; access of single objects cannot be told apart where it is not uniform. */
function bucketOf(stack: Stack, resource: Resource): Bucket {
  const { publicAccessPrevention, uniformBucketLevelAccess } = resource.props;
  const granted = stack
    .of("gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:storage/bucketIAMBinding:BucketIAMBinding")
    .filter((each) => stack.joins(each, "bucket", resource))
    .flatMap(({ props }) => [textOf(props.member), ...(Array.isArray(props.members) ? props.members : [])])
    .find((member) => EVERYBODY.includes(String(member)));
  const open =
    granted !== undefined
      ? `it is granted to ${granted}`
      : publicAccessPrevention !== "enforced"
        ? "publicAccessPrevention is not enforced"
        : uniformBucketLevelAccess !== true
          ? "uniformBucketLevelAccess is off, so single objects may be open"
          : undefined;
  return { resource, ...(open === undefined ? {} : { open }), encrypted: true };
}

const names = (stack: Stack): DnsName[] =>
  stack.of("gcp:dns/recordSet:RecordSet").flatMap((resource) => {
    const name = textOf(resource.props.name)?.replace(/\.$/, "");
    const ttl = numberOf(resource.props.ttl);
    const type = textOf(resource.props.type) ?? "";
    return name === undefined ? [] : [{ resource, name, type, ...(ttl === undefined ? {} : { ttl }) }];
  });

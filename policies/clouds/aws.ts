import { CATALOG } from "../../components/targets/aws/catalog";
import type { Disk } from "../graph";
import { type Resource, type Stack, UNKNOWN } from "../resource";
import { mapOf, mapsOf, numberOf, type Properties, textMapOf, textOf } from "../value";
import { openings, ways } from "./aws-network";
import { buckets, names } from "./aws-services";
import type { BareMachine, Cloud } from "./cloud";

const INSTANCE = "aws:ec2/instance:Instance";
const GROUP = "aws:autoscaling/group:Group";

export const aws: Cloud = {
  name: "aws",
  machines: (stack) => [
    ...stack.of(INSTANCE).map((instance) => instanceOf(stack, instance)),
    ...stack.of(GROUP).flatMap((group) => groupOf(stack, group)),
  ],
  buckets,
  names,
  extras: (stack) => [
    ...stack.of("aws:ec2/eip:Eip").map(() => "publicIpv4" as const),
    ...stack.of("aws:ec2/natGateway:NatGateway").map(() => "nat" as const),
    ...stack.of("aws:lb/loadBalancer:LoadBalancer").map(() => "loadBalancer" as const),
    ...stack.of("aws:route53/zone:Zone").map(() => "dnsZone" as const),
  ],
  catalog: CATALOG,
};

/** Tags of a resource over those that its provider gives to everything. */
const tagsOf = ({ props, provider }: Resource): Record<string, string> => ({
  ...textMapOf(defaultTags(provider)),
  ...textMapOf(props.tags),
});

/** The provider's own settings travel as JSON text. */
function defaultTags(provider: Resource["provider"]): unknown {
  const given = provider?.defaultTags;
  return mapOf(typeof given === "string" ? JSON.parse(given) : given).tags;
}

/** Instances answer version 1 unless they are told not to. */
const answersV1 = (props: Properties): boolean => {
  const { httpTokens, httpEndpoint } = mapsOf(props.metadataOptions)[0] ?? {};
  return httpEndpoint !== "disabled" && httpTokens !== "required" && httpTokens !== UNKNOWN;
};

const plain = (text: unknown, packed: unknown): string[] => [
  ...(textOf(text) === undefined ? [] : [textOf(text) ?? ""]),
  ...(textOf(packed) === undefined ? [] : [Buffer.from(textOf(packed) ?? "", "base64").toString()]),
];

function instanceOf(stack: Stack, resource: Resource): BareMachine {
  const { props, ignoreChanges } = resource;
  const tags = tagsOf(resource);
  const subnets = stack.linked(resource, "subnetId");
  const zone = textOf(props.availabilityZone) ?? textOf(subnets[0]?.props.availabilityZone);
  const type = textOf(props.instanceType);
  const ami = textOf(props.ami);
  return {
    ...{ resource, cloud: "aws", count: 1, isPool: false, tags, hasCloudFirewall: true },
    ...{ hostTag: tags["nodewright:host"], roleTag: tags["nodewright:role"] },
    ...(type === undefined ? {} : { type }),
    zones: zone === undefined ? [] : [zone],
    userData: plain(props.userData, props.userDataBase64),
    ...(ami === undefined ? {} : { image: { name: ami, frozen: ignoreChanges.includes("ami") } }),
    disks: [...ownDisks(resource), ...attached(stack, resource)],
    openings: openings(stack, [resource]),
    ways: ways(stack, resource, resource, subnets),
    metadataV1: answersV1(props),
    refusesDeletion: props.disableApiTermination === true,
  };
}

const diskOf = (resource: Resource, props: Properties, ownedByMachine: boolean): Disk => {
  const { volumeSize, size, volumeType, type, encrypted } = props;
  const gigabytes = numberOf(volumeSize) ?? numberOf(size);
  const kind = textOf(volumeType) ?? textOf(type);
  const [iops, throughput] = [numberOf(props.iops), numberOf(props.throughput)];
  return {
    ...{ resource, ownedByMachine },
    ...(gigabytes === undefined ? {} : { size: gigabytes }),
    ...(kind === undefined ? {} : { type: kind }),
    ...(iops === undefined ? {} : { iops }),
    ...(throughput === undefined ? {} : { throughput }),
    encrypted: encrypted === true || encrypted === "true" || encrypted === UNKNOWN,
  };
};

const ownDisks = (resource: Resource): Disk[] => {
  const { rootBlockDevice, ebsBlockDevices, blockDeviceMappings } = resource.props;
  const mapped = mapsOf(blockDeviceMappings).map(({ ebs }) => mapOf(ebs));
  // Without a word the system's disk is as the image says, which is not encrypted.
  const roots =
    resource.type === INSTANCE && mapsOf(rootBlockDevice).length === 0 ? [{}] : mapsOf(rootBlockDevice);
  return [...roots, ...mapsOf(ebsBlockDevices), ...mapped].map((props) => diskOf(resource, props, true));
};

const attached = (stack: Stack, instance: Resource): Disk[] =>
  stack
    .of("aws:ec2/volumeAttachment:VolumeAttachment")
    .filter((each) => stack.joins(each, "instanceId", instance))
    .flatMap((each) => stack.linked(each, "volumeId"))
    .map((volume) => diskOf(volume, volume.props, false));

function groupOf(stack: Stack, group: Resource): BareMachine[] {
  const template = stack.linked(group, "launchTemplate")[0];
  if (!template) return [];
  const { props, ignoreChanges } = template;
  const given = mapsOf(props.tagSpecifications).find(({ resourceType }) => resourceType === "instance")?.tags;
  const tags = { ...tagsOf(template), ...textMapOf(given) };
  const subnets = stack.linked(group, "vpcZoneIdentifiers");
  const zones = subnets.flatMap(({ props: { availabilityZone } }) => textOf(availabilityZone) ?? []);
  const type = textOf(props.instanceType);
  const image = textOf(props.imageId);
  return [
    {
      ...{ resource: template, cloud: "aws", isPool: true, tags, hasCloudFirewall: true },
      ...{ hostTag: tags["nodewright:host"], roleTag: tags["nodewright:role"] },
      count: numberOf(group.props.maxSize) ?? 1,
      ...(type === undefined ? {} : { type }),
      zones: [...new Set(zones)],
      userData: plain(undefined, props.userData),
      ...(image === undefined ? {} : { image: { name: image, frozen: ignoreChanges.includes("imageId") } }),
      disks: ownDisks(template),
      openings: openings(stack, [template, group]),
      ways: ways(stack, template, group, subnets),
      metadataV1: answersV1(props),
    },
  ];
}

import { objectsOf, textOf } from "../cloud/known";
import type { Entry, World } from "../cloud/world";
import type { Properties } from "../value";
import { takenAddresses } from "./address";
import { nextPublicAddress } from "./api";
import { KINDS } from "./kinds";
import { lastOf, pathOf, referred, regionOfZone, selfLink, zoneOf } from "./place";
import { isDual, nextAddress } from "./subnetwork";

/** The interfaces as the cloud shows them: every address is there, and stays what it was. */
export function interfacesOf(inputs: Properties, world: World, before: Properties | undefined): Properties[] {
  const region = regionOfZone(zoneOf(inputs, world));
  const old = objectsOf(before?.networkInterfaces);
  const taken = takenAddresses(world);
  return objectsOf(inputs.networkInterfaces).map((face, index) => {
    const last = old[index];
    const address =
      textOf(face.networkIp) ??
      kept(last, face, { ...inputs, region }, world) ??
      drawn(face, { ...inputs, region }, world, taken);
    taken.add(address);
    const place = { ...inputs, region };
    const subnet =
      face.subnetwork === undefined ? undefined : referred(KINDS.subnetwork, face.subnetwork, place, world);
    return {
      ...face,
      name: `nic${index}`,
      network: subnet
        ? selfLink(pathOf(KINDS.network, subnet.inputs.network, subnet.inputs, world))
        : face.network,
      ...(subnet ? { subnetwork: selfLink(subnet.id) } : {}),
      networkIp: address,
      stackType: face.stackType ?? "IPV4_ONLY",
      ...(subnet ? ipv6Of(face, subnet, last, world) : {}),
      accessConfigs: objectsOf(face.accessConfigs).map((config, number) => ({
        networkTier: "PREMIUM",
        ...config,
        natIp: config.natIp ?? objectsOf(last?.accessConfigs)[number]?.natIp ?? nextPublicAddress(world),
      })),
    };
  });
}

/** The address of an interface in a subnetwork with IPv6: a /96, of which the machine uses the first. */
function ipv6Of(face: Properties, subnet: Entry, last: Properties | undefined, world: World): Properties {
  if (face.stackType !== "IPV4_IPV6" || !isDual(subnet.inputs)) return {};
  const prefix = String(subnet.outputs.ipv6CidrRange).replace("::/64", "");
  const before = textOf(last?.ipv6Address) ?? textOf(objectsOf(last?.ipv6AccessConfigs)[0]?.externalIpv6);
  const address = before ?? `${prefix}:0:${world.draw().toString(16)}::`;
  const isExternal = subnet.inputs.ipv6AccessType === "EXTERNAL";
  const configs = objectsOf(face.ipv6AccessConfigs).map((config) => ({
    ...config,
    externalIpv6: address,
    externalIpv6PrefixLength: "96",
    name: "external-ipv6",
  }));
  return {
    ipv6AccessType: subnet.inputs.ipv6AccessType,
    ...(isExternal ? { ipv6AccessConfigs: configs } : { ipv6Address: address }),
  };
}

/** The address so far, unless the interface moved to another subnetwork. */
function kept(
  last: Properties | undefined,
  face: Properties,
  place: Properties,
  world: World,
): string | undefined {
  if (face.subnetwork === undefined) return textOf(last?.networkIp);
  const path = pathOf(KINDS.subnetwork, face.subnetwork, place, world);
  return textOf(last?.subnetwork) === selfLink(path) ? textOf(last?.networkIp) : undefined;
}

function drawn(face: Properties, place: Properties, world: World, taken: ReadonlySet<string>): string {
  // A network in auto mode has a range for each region that no program states.
  if (face.subnetwork === undefined) return `10.128.${(world.draw() >> 8) & 15}.${world.draw() & 255}`;
  return nextAddress(referred(KINDS.subnetwork, face.subnetwork, place, world), taken);
}

/** The boot disk with what the cloud chose. */
export function bootDiskOf(inputs: Properties, world: World): Properties {
  const [boot = {}] = objectsOf(inputs.bootDisk);
  const [params = {}] = objectsOf(boot.initializeParams);
  const path = pathOf(KINDS.disk, boot.source ?? inputs.name, inputs, world);
  return {
    autoDelete: true,
    mode: "READ_WRITE",
    deviceName: "persistent-disk-0",
    ...boot,
    source: selfLink(path),
    initializeParams: { size: 10, type: "pd-standard", ...params, image: lastOf(String(params.image ?? "")) },
  };
}

import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, existing, nextNumber, nextPublicAddress, refuse } from "./api";
import { sizeOf, slugProblems } from "./slugs";
import { isKnownKey } from "./ssh-key";
import { tagProblems } from "./tags";
import { TOKENS } from "./tokens";
import { attachable } from "./volume";
import { defaultVpc, joinVpc, nextPrivateAddress } from "./vpc";

// API reference, POST /v2/droplets, user_data: "may not exceed 64KiB in size".
const USER_DATA_MAX = 65_536;
// resource_droplet.go of the Terraform provider, errDropletBackupPolicy.
const NO_BACKUPS = "backup_policy can only be set when backups are enabled";

/** `digitalocean:index/droplet:Droplet`. */
export const droplet: CloudType = {
  token: TOKENS.droplet,
  // digitalocean/droplet/resource_droplet.go; size is a resize, and public networking is decided at creation.
  forceNew: [
    "image",
    "region",
    "sshKeys",
    "userData",
    "monitoring",
    "dropletAgent",
    "vpcUuid",
    "publicNetworking",
    "gpuPartitionMode",
  ],
  // IPv6 can be switched on, never off: ForceNewIfChange of the same file.
  forceNewWhen: (path, inputs) => path === "ipv6" && inputs.ipv6 !== true,
  unordered: ["sshKeys", "tags", "volumeIds"],
  name: { property: "name", pattern: /^[a-zA-Z0-9.-]+$/, max: 255, unique: false },
  check: (inputs) => [
    ...slugProblems(inputs),
    ...userDataProblems(inputs.userData),
    ...tagProblems(inputs.tags),
    ...backupProblems(inputs),
  ],
  create: (inputs, world) => {
    const region = textOf(inputs.region);
    const doing = "creating droplet";
    refuseUnknownKeys(world, textsOf(inputs.sshKeys), doing);
    joinVpc(world, inputs.vpcUuid, region, doing);
    for (const volume of textsOf(inputs.volumeIds)) attachable(world, volume, { region }, doing);
  },
  update: (before, inputs, world) => {
    const size = sizeOf(textOf(inputs.size) ?? "");
    const disk = world.all(TOKENS.droplet).find((entry) => entry.inputs === before)?.outputs.disk;
    if (before.size === inputs.size || !size || size.disk >= Number(disk ?? 0)) return;
    refuse("resizing droplet", 422, "This size is not available because it has a smaller disk.");
  },
  id: (_inputs, world) => nextNumber(world),
  outputs: (id, inputs, world) => ({
    ...machine(inputs),
    ...keptDisk(id, inputs, world),
    ...placed(id, inputs, world),
  }),
  computed: [
    ...[
      "dropletUrn",
      "createdAt",
      "ipv4Address",
      "ipv4AddressPrivate",
      "ipv6Address",
      "status",
      "locked",
      "vcpus",
    ],
    ...["memory", "disk", "priceHourly", "priceMonthly", "vpcUuid", "privateNetworking", "volumeIds"],
  ],
  changing: ["vcpus", "memory", "disk", "ipv6Address"],
};

export function userDataProblems(userData: unknown, property = "userData"): Problem[] {
  const size = Buffer.byteLength(textOf(userData) ?? "");
  return problem(
    size > USER_DATA_MAX,
    property,
    `user data may not exceed 64KiB in size (${USER_DATA_MAX} bytes; this one has ${size})`,
  );
}

function backupProblems(inputs: Properties): Problem[] {
  const [policy] = objectsOf(inputs.backupPolicy);
  const hour = numberOf(policy?.hour);
  return [
    ...problem(policy !== undefined && inputs.backups !== true, "backupPolicy", NO_BACKUPS),
    ...problem(
      hour !== undefined && (hour % 4 !== 0 || hour < 0 || hour > 20),
      "backupPolicy.hour",
      "must be one of 0, 4, 8, 12, 16, 20",
    ),
  ];
}

/** Refuses keys that the account does not hold; they are told by number or by fingerprint. */
export function refuseUnknownKeys(world: World, keys: readonly string[], doing: string): void {
  const unknown = keys.filter((key) => !isKnownKey(world, key));
  if (unknown.length > 0) {
    refuse(doing, 422, `${unknown.join(", ")} are invalid key identifiers for Droplet creation.`);
  }
}

function machine(inputs: Properties): Properties {
  const size = sizeOf(textOf(inputs.size) ?? "");
  // 0.00893 USD an hour is the price of one gigabyte in the smallest plans; nothing here decides by prices.
  const hourly = Math.round(((size?.memory ?? 0) / 1024) * 0.00893 * 1e5) / 1e5;
  return {
    ...size,
    priceHourly: hourly,
    priceMonthly: Math.round(hourly * 672),
    status: "active",
    locked: false,
  };
}

/** A resize of cores and memory alone leaves the disk, so that it can be taken back. */
function keptDisk(id: string, inputs: Properties, world: World): Properties {
  const before = world.get(TOKENS.droplet, id)?.outputs;
  return before && inputs.resizeDisk === false ? { disk: before.disk } : {};
}

function placed(id: string, inputs: Properties, world: World): Properties {
  const before = world.get(TOKENS.droplet, id)?.outputs;
  const region = textOf(inputs.region)?.toLowerCase() ?? "nyc3";
  const vpcUuid = textOf(inputs.vpcUuid) ?? defaultVpc(region);
  return {
    dropletUrn: `do:droplet:${id}`,
    createdAt: CREATED_AT,
    region,
    vpcUuid,
    privateNetworking: true,
    volumeIds: inputs.volumeIds ?? before?.volumeIds ?? [],
    ipv4Address: inputs.publicNetworking === false ? "" : (before?.ipv4Address ?? nextPublicAddress(world)),
    ipv4AddressPrivate: before?.ipv4AddressPrivate ?? nextPrivateAddress(world, vpcUuid),
    ipv6Address: inputs.ipv6 === true ? before?.ipv6Address || ipv6(Number(id)) : "",
  };
}

/** One of 2001:db8::/32, which is nobody's (RFC 3849). */
function ipv6(id: number): string {
  return `2001:db8::${(id >>> 16).toString(16)}:${(id & 0xffff).toString(16)}`;
}

/** The region of a droplet that exists. */
export function dropletRegion(world: World, id: unknown, doing: string): string {
  return String(existing(world, TOKENS.droplet, id, doing).outputs.region);
}

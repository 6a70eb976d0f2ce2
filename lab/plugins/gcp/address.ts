import { isIP } from "node:net";
import type { CloudType } from "../cloud/cloud-type";
import { objectsOf, problem, textOf } from "../cloud/known";
import type { Entry, World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, googleError, inUse, invalidValue, nextPublicAddress } from "./api";
import { KINDS } from "./kinds";
import { effectiveLabels, labelProblems } from "./labels";
import { idOf, nameIn, projectOf, referred, regionOf, selfLink } from "./place";
import { isUsable, nextAddress } from "./subnetwork";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

/** `gcp:compute/address:Address`: a reserved address of a region, external or in a subnetwork. */
export const address: CloudType = {
  token: TOKENS.address,
  // resource_compute_address.go of the Terraform provider: only labels change in place.
  forceNew: [
    ...["name", "project", "region", "address", "addressType", "description", "ipCollection", "ipVersion"],
    ...["ipv6EndpointType", "network", "networkTier", "prefixLength", "purpose", "subnetwork"],
  ],
  name: nameIn(KINDS.address),
  check: (inputs) => {
    const isInternal = inputs.addressType === "INTERNAL";
    const wanted = textOf(inputs.address);
    const isLoose = isInternal && inputs.subnetwork === undefined && inputs.network === undefined;
    return [
      ...labelProblems(inputs.labels),
      ...problem(wanted !== undefined && isIP(wanted) === 0, "address", `'${wanted}' is not an IP address`),
      ...problem(
        isLoose && inputs.purpose !== "SHARED_LOADBALANCER_VIP",
        "subnetwork",
        "must be specified for an INTERNAL address",
      ),
      ...problem(
        (inputs.addressType ?? "EXTERNAL") === "EXTERNAL" && inputs.subnetwork !== undefined,
        "subnetwork",
        "can only be used with INTERNAL type with GCE_ENDPOINT/DNS_RESOLVER/SHARED_LOADBALANCER_VIP purposes",
      ),
    ];
  },
  create: (inputs, world) => {
    if (inputs.subnetwork === undefined) return;
    const subnet = referred(KINDS.subnetwork, inputs.subnetwork, inputs, world);
    const wanted = textOf(inputs.address);
    if (wanted) refuseAddress(subnet, wanted, world, "address");
  },
  delete: (id, state, world) => {
    refuseWhileUsed(world, "address", id, [TOKENS.instance, TOKENS.routerNat, TOKENS.forwardingRule]);
    const user = holderOf(world, String(state.address));
    if (user) throw inUse("address", id, user);
  },
  id: idOf(KINDS.address),
  outputs: (id, inputs, world) => ({
    ...effectiveLabels(inputs.labels),
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    region: regionOf(inputs, world),
    address: inputs.address ?? world.get(TOKENS.address, id)?.outputs.address ?? drawn(inputs, world),
    networkTier: inputs.networkTier ?? "PREMIUM",
    purpose: inputs.purpose ?? (inputs.addressType === "INTERNAL" ? "GCE_ENDPOINT" : ""),
    creationTimestamp: CREATED_AT,
    users: [],
  }),
  computed: [
    "selfLink",
    "project",
    "address",
    "creationTimestamp",
    "users",
    "effectiveLabels",
    "pulumiLabels",
  ],
  changing: ["effectiveLabels", "pulumiLabels"],
};

function drawn(inputs: Properties, world: World): string {
  if (inputs.subnetwork === undefined) return nextPublicAddress(world);
  const subnet = referred(KINDS.subnetwork, inputs.subnetwork, inputs, world);
  return nextAddress(subnet, takenAddresses(world));
}

/** Addresses that instances and rules have, or that are reserved. */
export function takenAddresses(world: World): Set<string> {
  const interfaces = world
    .all(TOKENS.instance)
    .flatMap((entry) => objectsOf(entry.outputs.networkInterfaces));
  const all = [
    ...interfaces.map((face) => face.networkIp),
    ...world.all(TOKENS.address).map((entry) => entry.outputs.address),
    ...world.all(TOKENS.forwardingRule).map((entry) => entry.outputs.ipAddress),
  ];
  return new Set(all.filter((address) => typeof address === "string"));
}

/** The instance that has this address, inside or outside. */
export function holderOf(world: World, wanted: string): string | undefined {
  const holds = (entry: Entry) =>
    objectsOf(entry.outputs.networkInterfaces).some((face) => {
      const outside = objectsOf(face.accessConfigs).map((config) => config.natIp);
      return face.networkIp === wanted || outside.includes(wanted);
    });
  return world.all(TOKENS.instance).find(holds)?.id;
}

/** Refuses an address of a subnetwork that is not in it, or that is taken. */
export function refuseAddress(subnet: Entry, wanted: string, world: World, field: string): void {
  if (!isUsable(subnet, wanted)) {
    throw invalidValue(field, wanted, "Requested internal IP address is outside the subnetwork CIDR range.");
  }
  const reserved = world.all(TOKENS.address).find((entry) => entry.outputs.address === wanted);
  if (holderOf(world, wanted) || (field === "address" && reserved)) {
    throw googleError(
      400,
      `Specified IP address ${wanted} is in-use and would result in a conflict.`,
      "invalid",
    );
  }
}

/** The reserved external address of that number. @throws the API's refusal of one that is not this region's, or taken. */
export function refuseExternal(region: string, wanted: string, world: World, field: string): void {
  const found = world.all(TOKENS.address).find((entry) => entry.outputs.address === wanted);
  if (!found || found.outputs.region !== region || found.inputs.addressType === "INTERNAL") {
    throw invalidValue(
      field,
      wanted,
      `The specified external IP address '${wanted}' was not found in region '${region}'.`,
    );
  }
  const holder = holderOf(world, wanted);
  if (holder) throw googleError(400, `External IP address: ${wanted} is already in-use.`, "invalid");
}

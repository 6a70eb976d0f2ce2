import { parseCidr } from "../../../components/core/network/address";
import type { Problem } from "../check";
import { addressIn, contains, containsAddress, freeAddress, overlaps, sizeOf } from "../cloud/cidr";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf } from "../cloud/known";
import type { Entry, World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, googleError, invalidValue, nextNumber } from "./api";
import { KINDS } from "./kinds";
import { idOf, lastOf, nameIn, pathOf, projectOf, referred, regionOf, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

// cloud.google.com/vpc/docs/subnets: "Prohibited IPv4 subnet ranges", and sizes from /29 to /4.
const PROHIBITED = [
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32"],
  ...["199.36.153.4/30", "199.36.153.8/30"],
];

/** `gcp:compute/subnetwork:Subnetwork`. */
export const subnetwork: CloudType = {
  token: TOKENS.subnetwork,
  // resource_compute_subnetwork.go of the Terraform provider. A range can grow in place.
  forceNew: [
    ...["name", "project", "region", "network", "description", "purpose", "reservedInternalRange"],
    ...["externalIpv6Prefix", "internalIpv6Prefix", "ipCollection", "params"],
  ],
  name: nameIn(KINDS.subnetwork),
  check: (inputs) => {
    const sampling = objectsOf(inputs.logConfig).map((log) => numberOf(log.flowSampling) ?? 0.5);
    return [
      ...problem(
        isDual(inputs) && inputs.ipv6AccessType === undefined,
        "ipv6AccessType",
        "must be specified for a subnetwork with IPv6 (EXTERNAL or INTERNAL)",
      ),
      ...rangeProblems(textOf(inputs.ipCidrRange), "ipCidrRange"),
      ...objectsOf(inputs.secondaryIpRanges).flatMap((range, index) =>
        rangeProblems(textOf(range.ipCidrRange), `secondaryIpRanges[${index}].ipCidrRange`),
      ),
      ...problem(
        sampling.some((rate) => rate < 0 || rate > 1),
        "logConfig.flowSampling",
        "must be in [0, 1]",
      ),
      ...problem(
        inputs.ipCidrRange === undefined &&
          inputs.reservedInternalRange === undefined &&
          inputs.stackType !== "IPV6_ONLY",
        "ipCidrRange",
        "one of ip_cidr_range or reserved_internal_range must be specified",
      ),
    ];
  },
  create: (inputs, world) => {
    referred(KINDS.network, inputs.network, inputs, world);
    refuseOverlap(inputs, world, undefined);
  },
  update: (before, inputs, world) => {
    const [old, wanted] = [textOf(before.ipCidrRange), textOf(inputs.ipCidrRange)];
    if (old === wanted || old === undefined || wanted === undefined) return;
    if (!contains(wanted, old)) {
      throw invalidValue("ipCidrRange", wanted, `The new range must contain the old one, ${old}.`);
    }
    refuseOverlap(inputs, world, idOf(KINDS.subnetwork)(inputs, world));
  },
  delete: (id, _state, world) => {
    refuseWhileUsed(world, "subnetwork", id, [TOKENS.instance, TOKENS.address, TOKENS.forwardingRule]);
  },
  id: idOf(KINDS.subnetwork),
  outputs: (id, inputs, world) => {
    return {
      selfLink: selfLink(id),
      project: projectOf(inputs, world),
      region: regionOf(inputs, world),
      gatewayAddress: addressIn(textOf(inputs.ipCidrRange) ?? "", 1) ?? "",
      subnetworkId: Number(world.get(TOKENS.subnetwork, id)?.outputs.subnetworkId ?? nextNumber(world)),
      creationTimestamp: CREATED_AT,
      ...ipv6Of(id, inputs, world),
      fingerprint: "",
    };
  },
  computed: [
    "selfLink",
    "project",
    "gatewayAddress",
    "subnetworkId",
    "creationTimestamp",
    "ipv6CidrRange",
    "externalIpv6Prefix",
    "internalIpv6Prefix",
    "fingerprint",
  ],
};

function rangeProblems(range: string | undefined, property: string): Problem[] {
  if (range === undefined) return [];
  const parsed = parseCidr(range);
  if (parsed?.family !== 4) {
    return problem(
      true,
      property,
      `Invalid value for field 'resource.ipCidrRange': '${range}'. Must be a CIDR without host bits`,
    );
  }
  const prohibited = PROHIBITED.find((block) => overlaps(block, range));
  return [
    ...problem(parsed.bits < 4 || parsed.bits > 29, property, `'${range}' must be of a size from /29 to /4`),
    ...problem(prohibited !== undefined, property, `'${range}' lies in ${prohibited}, which is prohibited`),
  ];
}

function rangesOf(inputs: Properties): string[] {
  const secondary = objectsOf(inputs.secondaryIpRanges).map((range) => range.ipCidrRange);
  return [inputs.ipCidrRange, ...secondary].filter((range) => typeof range === "string");
}

/** Whether machines of a subnetwork have IPv6 as well. */
export function isDual(inputs: Properties): boolean {
  return ["IPV4_IPV6", "IPV6_ONLY"].includes(String(inputs.stackType));
}

/** The /64 that the cloud gives to a subnetwork, out of the range for examples (RFC 3849), and keeps. */
function ipv6Of(id: string, inputs: Properties, world: World): Properties {
  const before = textOf(world.get(TOKENS.subnetwork, id)?.outputs.ipv6CidrRange);
  if (!isDual(inputs)) return { ipv6CidrRange: "", externalIpv6Prefix: "", internalIpv6Prefix: "" };
  const range = before || `2001:db8:${world.draw().toString(16)}::/64`;
  const isExternal = inputs.ipv6AccessType === "EXTERNAL";
  return {
    ipv6CidrRange: range,
    externalIpv6Prefix: isExternal ? range : "",
    internalIpv6Prefix: isExternal ? "" : range,
  };
}

/** No two ranges of a network share an address, in whatever region. */
function refuseOverlap(inputs: Properties, world: World, own: string | undefined): void {
  const network = pathOf(KINDS.network, inputs.network, inputs, world);
  const others = world
    .all(TOKENS.subnetwork)
    .filter(
      (entry) =>
        entry.id !== own && pathOf(KINDS.network, entry.inputs.network, entry.inputs, world) === network,
    );
  for (const range of rangesOf(inputs)) {
    const other = others.find((entry) => rangesOf(entry.inputs).some((taken) => overlaps(taken, range)));
    if (!other) continue;
    throw googleError(
      400,
      `Invalid IPCidrRange: ${range} conflicts with existing subnetwork '${lastOf(other.id)}' in region '${String(other.outputs.region)}'.`,
      "invalid",
    );
  }
}

/** Whether an address lies in the range of a subnetwork and is not one of the four that the platform keeps. */
export function isUsable(subnet: Entry, address: string): boolean {
  const range = textOf(subnet.inputs.ipCidrRange) ?? "";
  const last = sizeOf(range) - 1;
  const kept = [0, 1, last - 1, last].map((offset) => addressIn(range, offset));
  return containsAddress(range, address) && !kept.includes(address);
}

/** The lowest address that nobody has. */
export function nextAddress(subnet: Entry, taken: ReadonlySet<string>): string {
  const address = freeAddress(textOf(subnet.inputs.ipCidrRange) ?? "", taken, 2);
  if (address) return address;
  throw googleError(400, `IP space of '${subnet.id}' is exhausted`, "invalidUsage");
}

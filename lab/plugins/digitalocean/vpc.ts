import { parseCidr } from "../../../components/core/network/address";
import type { Problem } from "../check";
import { freeAddress, overlaps } from "../cloud/cidr";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { isObject, type Properties } from "../value";
import { CREATED_AT, existing, nextUuid, refuse, uuidOf } from "./api";
import { regionProblems } from "./slugs";
import { TOKENS } from "./tokens";

const DEFAULT_RANGE = "10.108.0.0/20";
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
// docs.digitalocean.com/products/networking/vpc/details/limits: ranges that the platform itself uses.
const RESERVED = ["10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24"];

/** `digitalocean:index/vpc:Vpc`. */
export const vpc: CloudType = {
  token: TOKENS.vpc,
  // digitalocean/vpc/resource_vpc.go of the Terraform provider.
  forceNew: ["region", "ipRange"],
  name: {
    property: "name",
    pattern: /^[a-zA-Z0-9.-]+$/,
    max: 255,
    taken: (name) => `Error creating VPC: 422 name is already in use: "${name}"`,
  },
  check: (inputs) => [
    ...regionProblems(textOf(inputs.region)),
    ...problem(
      (textOf(inputs.description)?.length ?? 0) > 255,
      "description",
      "expected length to be in the range (0 - 255)",
    ),
    ...rangeProblems(textOf(inputs.ipRange)),
  ],
  create: (inputs, world) => {
    const range = textOf(inputs.ipRange);
    const other = range && world.all(TOKENS.vpc).find((entry) => overlaps(rangeOf(entry), range));
    if (!other) return;
    refuse(
      "creating VPC",
      422,
      `This range/size overlaps with another VPC network in your account: ${rangeOf(other)}`,
    );
  },
  delete: (id, _state, world) => {
    if (hasMembers(id, world)) refuse("deleting VPC", 403, "Can not delete VPC with members");
  },
  id: (_inputs, world) => nextUuid(world),
  outputs: (id, inputs, world) => ({
    vpcUrn: `do:vpc:${id}`,
    default: false,
    createdAt: CREATED_AT,
    ipRange: inputs.ipRange ?? world.get(TOKENS.vpc, id)?.outputs.ipRange ?? freeRange(world),
  }),
  computed: ["vpcUrn", "default", "createdAt", "ipRange"],
};

function rangeProblems(range: string | undefined): Problem[] {
  if (range === undefined) return [];
  const parsed = parseCidr(range);
  if (parsed?.family !== 4) {
    return problem(true, "ipRange", `expected "ip_range" to be a valid IPv4 CIDR, got "${range}"`);
  }
  const isPrivate = PRIVATE.some((block) => overlaps(block, range));
  const reserved = RESERVED.find((block) => overlaps(block, range));
  return [
    // docs.digitalocean.com/products/networking/vpc/concepts/plan-your-network: "from /28 to /16".
    ...problem(parsed.bits < 16 || parsed.bits > 28, "ipRange", "must be of a size from /28 to /16"),
    ...problem(!isPrivate, "ipRange", "must be in the private address ranges of RFC 1918"),
    ...problem(reserved !== undefined, "ipRange", `overlaps with ${reserved}, which DigitalOcean reserves`),
  ];
}

function rangeOf(entry: { inputs: Properties; outputs: Properties }): string {
  return textOf(entry.inputs.ipRange ?? entry.outputs.ipRange) ?? "";
}

/** A /20 as the API draws one when the program names none. */
function freeRange(world: World): string {
  const taken = world.all(TOKENS.vpc).map(rangeOf);
  const blocks = Array.from({ length: 64 * 16 }, (_, n) => `10.${100 + (n >> 4)}.${(n & 15) * 16}.0/20`);
  return blocks.find((block) => !taken.some((range) => overlaps(range, block))) ?? "10.100.0.0/20";
}

/** The VPC that a machine without `vpcUuid` joins: every region of an account has one. */
export function defaultVpc(region: string): string {
  return uuidOf(`default-${region}`);
}

/** Refuses a VPC that does not exist or lies in another region. */
export function joinVpc(world: World, id: unknown, region: string | undefined, doing: string): void {
  if (id === undefined || id === defaultVpc(region ?? "")) return;
  const found = existing(world, TOKENS.vpc, id, doing);
  if (region && textOf(found.inputs.region) !== region) {
    refuse(doing, 422, `VPC ${found.id} is in region ${String(found.inputs.region)}, not in ${region}`);
  }
}

function hasMembers(id: string, world: World): boolean {
  const machines = [TOKENS.droplet, TOKENS.loadBalancer].some((token) => world.findBy(token, "vpcUuid", id));
  const templates = world.all(TOKENS.dropletAutoscale).map((pool) => pool.inputs.dropletTemplate);
  return machines || templates.some((template) => isObject(template) && template.vpcUuid === id);
}

/** The lowest free address of a VPC: the first four and the last one are the platform's own. */
export function nextPrivateAddress(world: World, vpcId: string): string {
  const found = world.get(TOKENS.vpc, vpcId);
  const held = world.all(TOKENS.droplet).map((droplet) => textOf(droplet.outputs.ipv4AddressPrivate));
  const taken = new Set(held.filter((address) => address !== undefined));
  const address = freeAddress(found ? rangeOf(found) : DEFAULT_RANGE, taken, 4);
  return address ?? refuse("creating droplet", 422, "There are no free addresses left in the VPC");
}

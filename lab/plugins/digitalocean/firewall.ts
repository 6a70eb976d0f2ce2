import { isIP } from "node:net";
import { parseCidr } from "../../../components/core/network/address";
import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { listOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { Properties } from "../value";
import { CREATED_AT, existing, nextUuid } from "./api";
import { tagProblems } from "./tags";
import { TOKENS } from "./tokens";

// docs.digitalocean.com/products/networking/firewalls/details/limits: "a maximum of 10 Droplets per firewall and 5 tags
// per firewall", "up to 50 total incoming and outgoing rules", "limited to 1000 entries in the Sources or Destinations".
const DROPLETS_MAX = 10;
const TAGS_MAX = 5;
const RULES_MAX = 50;
const ENTRIES_MAX = 1000;

type Side = "source" | "destination";

/** `digitalocean:index/firewall:Firewall`. */
export const firewall: CloudType = {
  token: TOKENS.firewall,
  // digitalocean/firewall/firewalls.go of the Terraform provider: everything changes in place.
  forceNew: [],
  unordered: ["dropletIds", "inboundRules", "outboundRules", "tags"],
  name: {
    property: "name",
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/,
    max: 255,
    taken: () => "Error creating firewall: 409 duplicate name",
  },
  check: (inputs) => {
    const [inbound, outbound] = [objectsOf(inputs.inboundRules), objectsOf(inputs.outboundRules)];
    const rules = inbound.length + outbound.length;
    return [
      ...problem(rules === 0 && isStated(inputs), "inboundRules", "must have at least one rule"),
      ...problem(
        rules > RULES_MAX,
        "inboundRules",
        `up to ${RULES_MAX} total incoming and outgoing rules, got ${rules}`,
      ),
      ...problem(
        listOf(inputs.dropletIds).length > DROPLETS_MAX,
        "dropletIds",
        `a maximum of ${DROPLETS_MAX} Droplets`,
      ),
      ...problem(listOf(inputs.tags).length > TAGS_MAX, "tags", `a maximum of ${TAGS_MAX} tags per firewall`),
      ...tagProblems(inputs.tags),
      ...inbound.flatMap((rule, index) => ruleProblems(rule, "source", `inboundRules[${index}]`)),
      ...outbound.flatMap((rule, index) => ruleProblems(rule, "destination", `outboundRules[${index}]`)),
    ];
  },
  create: (inputs, world) => {
    for (const id of listOf(inputs.dropletIds)) existing(world, TOKENS.droplet, id, "creating firewall");
  },
  update: (_before, inputs, world) => {
    for (const id of listOf(inputs.dropletIds)) existing(world, TOKENS.droplet, id, "updating firewall");
  },
  id: (_inputs, world) => nextUuid(world),
  outputs: () => ({ status: "succeeded", createdAt: CREATED_AT, pendingChanges: [] }),
  computed: ["status", "createdAt", "pendingChanges"],
};

/** False while a whole list of rules is not known yet. */
function isStated(inputs: Properties): boolean {
  return [inputs.inboundRules, inputs.outboundRules].every((rules) => typeof rules !== "string");
}

function ruleProblems(rule: Properties, side: Side, at: string): Problem[] {
  const protocol = textOf(rule.protocol);
  const peers = ["Addresses", "DropletIds", "KubernetesIds", "LoadBalancerUids", "Tags"].map(
    (kind) => `${side}${kind}`,
  );
  const entries = peers.reduce((sum, peer) => sum + listOf(rule[peer]).length, 0);
  const isAllMissing = peers.every((peer) => rule[peer] === undefined);
  return [
    ...problem(
      protocol !== undefined && !["tcp", "udp", "icmp"].includes(protocol),
      `${at}.protocol`,
      `expected protocol to be one of ["tcp" "udp" "icmp"], got ${protocol}`,
    ),
    ...portProblems(rule, at),
    ...problem(isAllMissing, at, `must have at least one ${side}`),
    ...problem(entries > ENTRIES_MAX, at, `limited to ${ENTRIES_MAX} entries in its ${side}s`),
    ...textsOf(rule[`${side}Addresses`]).flatMap((address) =>
      problem(
        isIP(address) === 0 && !parseCidr(address),
        `${at}.${side}Addresses`,
        `"${address}" is not a valid IP address or CIDR`,
      ),
    ),
    ...tagProblems(rule[`${side}Tags`], `${at}.${side}Tags`),
  ];
}

function portProblems(rule: Properties, at: string): Problem[] {
  const range = textOf(rule.portRange);
  if (rule.protocol === "icmp") {
    return problem(range !== undefined, `${at}.portRange`, "ports are not allowed for protocol icmp");
  }
  if (range === undefined) {
    return problem(
      rule.portRange === undefined,
      `${at}.portRange`,
      "is required for when protocol is `tcp` or `udp`",
    );
  }
  return problem(
    !isPortRange(range),
    `${at}.portRange`,
    `"${range}" is not a port, a range as "8000-9000", or "all"`,
  );
}

/** `22`, `8000-9000`, `all`; `0` is the API's own word for all. */
function isPortRange(text: string): boolean {
  if (text === "all" || text === "0") return true;
  if (!/^\d{1,5}(?:-\d{1,5})?$/.test(text)) return false;
  const [from = 0, to = from] = text.split("-").map(Number);
  return from >= 1 && from <= to && to <= 65_535;
}

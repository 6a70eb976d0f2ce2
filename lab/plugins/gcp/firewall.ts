import { parseCidr } from "../../../components/core/network/address";
import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { listOf, numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { Properties } from "../value";
import { CREATED_AT } from "./api";
import { KINDS } from "./kinds";
import { tagProblems } from "./labels";
import { idOf, nameIn, projectOf, referred, selfLink } from "./place";
import { TOKENS } from "./tokens";

// cloud.google.com/firewall/quotas, limits of one VPC firewall rule.
const MOST: Readonly<Record<string, number>> = {
  sourceRanges: 256,
  destinationRanges: 256,
  sourceTags: 30,
  targetTags: 70,
  sourceServiceAccounts: 10,
  targetServiceAccounts: 10,
};
const PROTOCOLS = ["tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"];
const WITH_PORTS = ["tcp", "udp", "sctp", "6", "17", "132"];

/** `gcp:compute/firewall:Firewall`. */
export const firewall: CloudType = {
  token: TOKENS.firewall,
  // resource_compute_firewall.go of the Terraform provider.
  forceNew: ["name", "project", "network", "direction", "params"],
  unordered: [...Object.keys(MOST), "allows", "denies"],
  name: nameIn(KINDS.firewall),
  check: (inputs) => {
    const priority = numberOf(inputs.priority);
    return [
      ...actionProblems(inputs),
      ...peerProblems(inputs),
      ...Object.entries(MOST).flatMap(([key, most]) =>
        problem(
          listOf(inputs[key]).length > most,
          key,
          `at most ${most} entries, got ${listOf(inputs[key]).length}`,
        ),
      ),
      ...["sourceRanges", "destinationRanges"].flatMap((key) => rangeProblems(inputs[key], key)),
      ...["sourceTags", "targetTags"].flatMap((key) => tagProblems(textsOf(inputs[key]).slice(0, 64), key)),
      ...problem(
        priority !== undefined && (priority < 0 || priority > 65_535),
        "priority",
        "must be from 0 to 65535",
      ),
    ];
  },
  create: (inputs, world) => {
    referred(KINDS.network, inputs.network, inputs, world);
  },
  id: idOf(KINDS.firewall),
  outputs: (id, inputs, world) => ({
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    creationTimestamp: CREATED_AT,
  }),
  computed: ["selfLink", "project", "creationTimestamp"],
};

function actionProblems(inputs: Properties): Problem[] {
  const isNone = inputs.allows === undefined && inputs.denies === undefined;
  const isBoth = inputs.allows !== undefined && inputs.denies !== undefined;
  return [
    ...problem(isNone, "allows", '"allow": one of `allow,deny` must be specified'),
    ...problem(isBoth, "allows", '"allow": only one of `allow,deny` can be specified'),
    ...["allows", "denies"].flatMap((key) =>
      objectsOf(inputs[key]).flatMap((rule, index) => ruleProblems(rule, `${key}[${index}]`)),
    ),
  ];
}

function ruleProblems(rule: Properties, at: string): Problem[] {
  const protocol = textOf(rule.protocol)?.toLowerCase();
  if (protocol === undefined) return [];
  const isNumber = /^\d{1,3}$/.test(protocol) && Number(protocol) < 256;
  const ports = textsOf(rule.ports);
  return [
    ...problem(
      !isNumber && !PROTOCOLS.includes(protocol),
      `${at}.protocol`,
      `'${protocol}' is not a protocol name or number`,
    ),
    ...problem(
      ports.length > 0 && !WITH_PORTS.includes(protocol),
      `${at}.ports`,
      "ports may only be specified for protocols tcp, udp and sctp",
    ),
    ...ports.flatMap((port) =>
      problem(!isPortRange(port), `${at}.ports`, `'${port}' is not a port or a range as 12345-12349`),
    ),
  ];
}

function isPortRange(text: string): boolean {
  if (!/^\d{1,5}(?:-\d{1,5})?$/.test(text)) return false;
  const [from = 0, to = from] = text.split("-").map(Number);
  return from <= to && to <= 65_535;
}

/** Whom a rule is about: what goes with which direction, and tags never with service accounts. */
function peerProblems(inputs: Properties): Problem[] {
  const has = (key: string) => inputs[key] !== undefined;
  const isEgress = inputs.direction === "EGRESS";
  const sources = ["sourceRanges", "sourceTags", "sourceServiceAccounts"];
  const byAccount = ["sourceServiceAccounts", "targetServiceAccounts"].find(has);
  const byTag = ["sourceTags", "targetTags"].find(has);
  const isKnownDirection = !has("direction") || ["INGRESS", "EGRESS"].includes(String(inputs.direction));
  return [
    ...problem(
      isKnownDirection && !isEgress && !sources.some(has),
      "sourceRanges",
      "one of source_tags, source_ranges, or source_service_accounts must be defined for INGRESS",
    ),
    ...sources
      .filter((key) => isEgress && has(key))
      .map((property) => ({ property, reason: "Cannot specify sources for an EGRESS firewall rule" })),
    ...problem(
      byAccount !== undefined && byTag !== undefined,
      byAccount ?? "targetServiceAccounts",
      `cannot be used together with ${byTag}`,
    ),
  ];
}

function rangeProblems(ranges: unknown, property: string): Problem[] {
  const texts = textsOf(ranges);
  const families = new Set(
    texts.map((range) => parseCidr(range)?.family).filter((family) => family !== undefined),
  );
  return [
    ...texts.flatMap((range) =>
      problem(
        !parseCidr(range),
        property,
        `Invalid value for field 'resource.${property}': '${range}'. Must be a CIDR without host bits`,
      ),
    ),
    ...problem(families.size > 1, property, "a rule has either IPv4 or IPv6 ranges, not both"),
  ];
}

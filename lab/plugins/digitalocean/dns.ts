import { isIPv4, isIPv6 } from "node:net";
import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { existing, nextNumber, refuse } from "./api";
import { TOKENS } from "./tokens";

const TYPES = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV", "SOA"];
const POINTERS = ["CNAME", "MX", "NS", "SRV"];
// API reference, domain records: "The default value is 1800" and "at least 30".
const TTL = { default: 1800, least: 30 };

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  MX: ["priority"],
  SRV: ["priority", "weight", "port"],
  CAA: ["flags", "tag"],
};

/** `digitalocean:index/domain:Domain`; its id is its name. */
export const domain: CloudType = {
  token: TOKENS.domain,
  // digitalocean/domain/resource_domain.go of the Terraform provider.
  forceNew: ["name", "ipAddress"],
  name: {
    property: "name",
    pattern: /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    max: 253,
    required: true,
    taken: () => "Error creating Domain: 422 Name already exists",
  },
  check: (inputs) => {
    const address = textOf(inputs.ipAddress);
    return problem(
      address !== undefined && !isIPv4(address),
      "ipAddress",
      `"${address}" is not a valid IPv4 address`,
    );
  },
  id: (inputs) => String(inputs.name),
  outputs: (id) => ({ domainUrn: `do:domain:${id}`, ttl: TTL.default }),
  computed: ["domainUrn", "ttl"],
};

/** `digitalocean:index/dnsRecord:DnsRecord`. */
export const dnsRecord: CloudType = {
  token: TOKENS.dnsRecord,
  // digitalocean/domain/resource_record.go of the Terraform provider.
  forceNew: ["type", "domain"],
  name: {
    property: "name",
    pattern: /^(?:@|\*|[a-zA-Z0-9_*](?:[a-zA-Z0-9_.*-]*[a-zA-Z0-9_.])?)$/,
    max: 255,
    unique: false,
  },
  check: recordProblems,
  create: (inputs, world) => {
    existing(world, TOKENS.domain, inputs.domain, "creating record");
    refuseShared(inputs, world);
  },
  id: (_inputs, world) => nextNumber(world),
  outputs: (_id, inputs) => ({ fqdn: fqdn(inputs), ttl: inputs.ttl ?? TTL.default }),
  computed: ["fqdn", "ttl"],
  changing: ["fqdn"],
};

function recordProblems(inputs: Properties): Problem[] {
  const [type, value, ttl] = [textOf(inputs.type), textOf(inputs.value), numberOf(inputs.ttl)];
  return [
    ...problem(
      type !== undefined && !TYPES.includes(type),
      "type",
      `expected type to be one of ${TYPES.join(" ")}`,
    ),
    ...(NEEDED[type ?? ""] ?? []).flatMap((key) =>
      problem(inputs[key] === undefined, key, `\`${key}\` is required for when type is \`${type}\``),
    ),
    ...problem(ttl !== undefined && ttl < TTL.least, "ttl", `must be at least ${TTL.least}, got ${ttl}`),
    ...problem(
      type === "A" && value !== undefined && !isIPv4(value),
      "value",
      `"${value}" is not an IPv4 address`,
    ),
    ...problem(
      type === "AAAA" && value !== undefined && !isIPv6(value),
      "value",
      `"${value}" is not an IPv6 address`,
    ),
    ...problem(
      POINTERS.includes(type ?? "") && value !== undefined && value !== "@" && !value.endsWith("."),
      "value",
      "Data needs to end with a dot (.)",
    ),
    ...["port", "priority", "weight"].flatMap((key) => {
      const number = numberOf(inputs[key]);
      return problem(
        number !== undefined && (number < 0 || number > 65_535),
        key,
        "expected to be in the range (0 - 65535)",
      );
    }),
  ];
}

/** A CNAME stands alone at its name. */
function refuseShared(inputs: Properties, world: World): void {
  const others = world.all(TOKENS.dnsRecord).filter((entry) => fqdn(entry.inputs) === fqdn(inputs));
  const clash = others.some((entry) => entry.inputs.type === "CNAME" || inputs.type === "CNAME");
  if (clash) refuse("creating record", 422, "CNAME records cannot share a name with other records");
  const same = others.some(
    (entry) => entry.inputs.type === inputs.type && entry.inputs.value === inputs.value,
  );
  if (same) refuse("creating record", 422, "Record already exists");
}

function fqdn(inputs: Properties): string {
  const [name, zone] = [String(inputs.name).toLowerCase(), String(inputs.domain)];
  if (name === "@") return zone;
  return name.endsWith(`${zone}.`) ? name.slice(0, -1) : `${name}.${zone}`;
}

import { isIPv4, isIPv6 } from "node:net";
import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { Entry, World } from "../cloud/world";
import { isObject, type Properties } from "../value";
import { CREATED_AT, googleError, nextNumber } from "./api";
import { KINDS } from "./kinds";
import { effectiveLabels, labelProblems } from "./labels";
import { lastOf, NAME_MAX, projectOf, RFC1035, referred } from "./place";
import { TOKENS } from "./tokens";

const TYPES =
  "A AAAA ALIAS CAA CNAME DNSKEY DS HTTPS IPSECVPNKEY MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT".split(
    " ",
  );
const POINTERS = ["ALIAS", "CNAME", "NS", "PTR"];
const DOMAIN = /^(?:(?:\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)\.)+$/i;

/** `gcp:dns/managedZone:ManagedZone`. */
export const managedZone: CloudType = {
  token: TOKENS.managedZone,
  // resource_dns_managed_zone.go of the Terraform provider.
  forceNew: ["name", "project", "dnsName", "visibility", "reverseLookup", "serviceDirectoryConfig"],
  name: {
    property: "name",
    pattern: RFC1035,
    max: NAME_MAX,
    scope: (inputs, world) => projectOf(inputs, world),
    taken: (name) =>
      googleError(409, `The resource 'entity.managedZone' named '${name}' already exists`, "alreadyExists")
        .message,
  },
  check: (inputs) => {
    const name = textOf(inputs.dnsName);
    const isPrivate = inputs.visibility === "private";
    return [
      ...labelProblems(inputs.labels),
      ...domainProblems(name, "dnsName", "entity.managedZone.dnsName"),
      ...problem(
        isPrivate && inputs.privateVisibilityConfig === undefined,
        "privateVisibilityConfig",
        "networks are required for a private zone",
      ),
      ...problem(
        !isPrivate && inputs.privateVisibilityConfig !== undefined,
        "privateVisibilityConfig",
        "only for a private zone",
      ),
    ];
  },
  create: (inputs, world) => {
    const config = inputs.privateVisibilityConfig;
    if (!isObject(config)) return;
    for (const { networkUrl } of objectsOf(config.networks))
      referred(KINDS.network, networkUrl, inputs, world);
  },
  delete: (id, state, world) => {
    const records = world
      .all(TOKENS.recordSet)
      .filter((entry) => zoneOfRecord(entry.inputs, world)?.id === id);
    if (records.length > 0 && state.forceDestroy !== true) {
      throw googleError(
        400,
        `The resource named '${lastOf(id)}' cannot be deleted because it contains one or more 'resource records'.`,
        "containerNotEmpty",
      );
    }
    for (const entry of records) world.drop(TOKENS.recordSet, entry.id);
  },
  id: (inputs, world) => `projects/${projectOf(inputs, world)}/managedZones/${String(inputs.name)}`,
  outputs: (id, inputs, world) => ({
    ...effectiveLabels(inputs.labels),
    project: projectOf(inputs, world),
    managedZoneId: Number(world.get(TOKENS.managedZone, id)?.outputs.managedZoneId ?? nextNumber(world)),
    nameServers: ["a", "b", "c", "d"].map((letter) => `ns-cloud-${letter}1.googledomains.com.`),
    creationTime: CREATED_AT,
  }),
  computed: ["project", "managedZoneId", "nameServers", "creationTime", "effectiveLabels", "pulumiLabels"],
  changing: ["effectiveLabels", "pulumiLabels"],
};

function domainProblems(name: string | undefined, property: string, entity: string): Problem[] {
  return problem(
    name !== undefined && !DOMAIN.test(name),
    property,
    `Invalid value for '${entity}': '${name}'${name?.endsWith(".") ? "" : ' (it must end with a dot ".")'}`,
  );
}

/** `gcp:dns/recordSet:RecordSet`. */
export const recordSet: CloudType = {
  token: TOKENS.recordSet,
  // resource_dns_record_set.go of the Terraform provider: type, ttl and data change in place.
  forceNew: ["name", "project", "managedZone"],
  check: (inputs) => {
    const [type, ttl] = [textOf(inputs.type), numberOf(inputs.ttl)];
    const isOne = (inputs.rrdatas === undefined) !== (inputs.routingPolicy === undefined);
    return [
      ...domainProblems(textOf(inputs.name), "name", "entity.change.additions[0].name"),
      ...problem(type !== undefined && !TYPES.includes(type), "type", `'${type}' is not a type of record`),
      ...problem(ttl !== undefined && ttl < 0, "ttl", "must not be negative"),
      ...problem(!isOne, "rrdatas", "exactly one of rrdatas or routing_policy must be specified"),
      ...textsOf(inputs.rrdatas).flatMap((data, index) => dataProblems(type, data, `rrdatas[${index}]`)),
      ...problem(
        type === "CNAME" && textsOf(inputs.rrdatas).length > 1,
        "rrdatas",
        "a CNAME has exactly one target",
      ),
    ];
  },
  create: (inputs, world) => {
    const zone = zoneOfRecord(inputs, world);
    const name = String(inputs.name);
    if (!zone) {
      throw googleError(
        404,
        `The 'parameters.managedZone' resource named '${lastOf(String(inputs.managedZone))}' does not exist.`,
        "notFound",
      );
    }
    const root = String(zone.inputs.dnsName);
    if (name !== root && !name.endsWith(`.${root}`)) {
      throw googleError(
        400,
        `Invalid value for 'entity.change.additions[0].name': '${name}' (it is not in zone '${root}')`,
        "invalid",
      );
    }
    refuseShared(inputs, zone, world);
  },
  id: (inputs, world) =>
    `${zoneOfRecord(inputs, world)?.id ?? ""}/rrsets/${String(inputs.name)}/${String(inputs.type)}`,
  outputs: (_id, inputs, world) => ({ project: projectOf(inputs, world), ttl: inputs.ttl ?? 300 }),
  computed: ["project"],
};

function dataProblems(type: string | undefined, data: string, property: string): Problem[] {
  const isWrong =
    (type === "A" && !isIPv4(data)) ||
    (type === "AAAA" && !isIPv6(data)) ||
    (POINTERS.includes(type ?? "") && !data.endsWith("."));
  return problem(
    isWrong,
    property,
    `Invalid value for 'entity.change.additions[0].rrdata': '${data}' for a record of type ${type}`,
  );
}

/** The zone that a record names by its name or its path. */
function zoneOfRecord(inputs: Properties, world: World): Entry | undefined {
  const project = `projects/${projectOf(inputs, world)}`;
  return world.get(TOKENS.managedZone, `${project}/managedZones/${lastOf(String(inputs.managedZone))}`);
}

function refuseShared(inputs: Properties, zone: Entry, world: World): void {
  const [name, type] = [String(inputs.name), String(inputs.type)];
  if (type === "CNAME" && name === zone.inputs.dnsName) {
    throw googleError(
      400,
      `The resource record set 'entity.change.additions[0]' is invalid because the DNS name '${name}' is a zone apex.`,
      "invalid",
    );
  }
  const others = world.all(TOKENS.recordSet).filter((entry) => {
    return entry.inputs.name === name && zoneOfRecord(entry.inputs, world)?.id === zone.id;
  });
  if (others.some((entry) => entry.inputs.type === type)) {
    throw googleError(
      409,
      `The resource 'entity.change.additions[0]' named '${name} (${type})' already exists`,
      "alreadyExists",
    );
  }
  if (others.some((entry) => type === "CNAME" || entry.inputs.type === "CNAME")) {
    throw googleError(
      400,
      `The resource record set 'entity.change.additions[0]' is invalid because a resource record set of type CNAME cannot share its name '${name}'.`,
      "invalid",
    );
  }
}

import { isIPv4, isIPv6 } from "node:net";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, existing } from "./api-error";
import { awsType } from "./aws-type";
import * as tokens from "./tokens";

const CHANGE = "Route 53: ChangeResourceRecordSets";

export const zone: CloudType = awsType({
  token: tokens.ZONE,
  forceNew: ["delegationSetId", "name"],
  check: (inputs) => {
    const name = textOf(inputs.name);
    const isName = name === undefined || /^([a-z0-9_*-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i.test(name);
    return problem(!isName || (name?.length ?? 0) > 255, "name", `"${name}" is not a domain name`);
  },
  delete: (id, state, world) => {
    if (state.forceDestroy === true || !world.findBy(tokens.RECORD, "zoneId", id)) return;
    throw apiError(
      "Route 53: DeleteHostedZone",
      "HostedZoneNotEmpty",
      "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
    );
  },
  id: (_inputs, world) => world.nextId("Z", 20).toUpperCase(),
  arn: (id) => `arn:aws:route53:::hostedzone/${id}`,
  computed: ["nameServers", "primaryNameServer", "zoneId"],
  outputs: (id) => {
    const nameServers = ["com", "net", "org", "co.uk"].map(
      (end, index) => `ns-${index}.awsdns-0${index}.${end}`,
    );
    return { nameServers, primaryNameServer: nameServers[0], zoneId: id };
  },
});

export const record: CloudType = awsType({
  token: tokens.RECORD,
  forceNew: ["name", "setIdentifier", "type", "zoneId"],
  unordered: ["records"],
  check: (inputs) => [
    ...problem("records" in inputs === "aliases" in inputs, "records", "give one of records and aliases"),
    ...problem("records" in inputs && !("ttl" in inputs), "ttl", "is required with records"),
    ...problem((numberOf(inputs.ttl) ?? 0) > 2_147_483_647, "ttl", "is too long"),
    ...problem(objectsOf(inputs.aliases).length > 1, "aliases", "one alias at most"),
  ],
  create: (inputs, world) => {
    refuseValues(inputs);
    const fqdn = fullName(inputs, world);
    const isTaken = world
      .all(tokens.RECORD)
      .some(
        (other) =>
          other.inputs.zoneId === inputs.zoneId &&
          other.inputs.type === inputs.type &&
          other.inputs.setIdentifier === inputs.setIdentifier &&
          other.outputs.fqdn === fqdn,
      );
    if (!isTaken || inputs.allowOverwrite === true) return;
    throw apiError(
      CHANGE,
      "InvalidChangeBatch",
      `[Tried to create resource record set [name='${fqdn}.', type='${textOf(inputs.type)}'] but it already exists]`,
    );
  },
  update: (_before, inputs) => refuseValues(inputs),
  id: (inputs, world) => {
    const set = textOf(inputs.setIdentifier);
    return `${textOf(inputs.zoneId)}_${fullName(inputs, world)}_${textOf(inputs.type)}${set === undefined ? "" : `_${set}`}`;
  },
  computed: ["fqdn"],
  outputs: (_id, inputs, world) => ({ fqdn: fullName(inputs, world) }),
});

/**
 * The provider appends the zone's name to every name that does not end with it. It does that to `a.example.net` in the
 * zone `example.com` as well, where nobody means it: an absolute name, and one that looks like another domain of the
 * same top level, are refused here in the API's words.
 */
function fullName(inputs: Properties, world: World): string {
  const parent = existing(world, tokens.ZONE, inputs.zoneId, CHANGE);
  const domain = textOf(parent.inputs.name)?.replace(/\.$/, "").toLowerCase() ?? "";
  const given = (textOf(inputs.name) ?? "").toLowerCase();
  const name = given.replace(/\.$/, "");
  if (name === domain || name.endsWith(`.${domain}`)) return name;
  if (name === "") return domain;
  const top = domain.split(".").at(-1) ?? "";
  const isOther =
    name.includes(".") && [top, "com", "net", "org", "io", "network"].includes(name.split(".").at(-1) ?? "");
  if (given.endsWith(".") || isOther) {
    const message = `[RRSet with DNS name ${name}. is not permitted in zone ${domain}.]`;
    throw apiError(CHANGE, "InvalidChangeBatch", message);
  }
  return `${name}.${domain}`;
}

/** Values that Route 53 parses. */
function refuseValues(inputs: Properties): void {
  const checks: Readonly<Record<string, [(value: string) => boolean, string]>> = {
    A: [isIPv4, "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"],
    AAAA: [isIPv6, "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"],
  };
  const [isRight, fault] = checks[textOf(inputs.type) ?? ""] ?? [];
  const wrong = isRight && textsOf(inputs.records).find((value) => !isRight(value));
  if (wrong === undefined) return;
  const message = `[Invalid Resource Record: 'FATAL problem: ${fault} encountered with '${wrong}'']`;
  throw apiError(CHANGE, "InvalidChangeBatch", message);
}

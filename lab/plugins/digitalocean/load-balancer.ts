import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { known, listOf, numberOf, objectsOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { nextPublicAddress, nextUuid, refuse } from "./api";
import { dropletRegion } from "./droplet";
import { regionProblems } from "./slugs";
import { tagProblems } from "./tags";
import { TOKENS } from "./tokens";
import { defaultVpc, joinVpc } from "./vpc";

const TLS = ["https", "http2", "http3"];

/** `digitalocean:index/loadBalancer:LoadBalancer`. */
export const loadBalancer: CloudType = {
  token: TOKENS.loadBalancer,
  // digitalocean/loadbalancer/resource_loadbalancer.go of the Terraform provider.
  forceNew: ["region", "vpcUuid", "type", "network", "networkStack", "subnetUuid"],
  unordered: ["dropletIds", "forwardingRules", "domains", "targetLoadBalancerIds"],
  name: {
    property: "name",
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/,
    max: 255,
    taken: () => "Error creating Load Balancer: 422 name is already in use",
  },
  check: (inputs) => [
    ...placeProblems(inputs),
    ...targetProblems(inputs),
    ...objectsOf(inputs.forwardingRules).flatMap((rule, index) =>
      ruleProblems(rule, `forwardingRules[${index}]`),
    ),
    ...healthProblems(inputs),
    ...stickyProblems(inputs),
  ],
  create: (inputs, world) => {
    joinVpc(world, inputs.vpcUuid, textOf(inputs.region), "creating Load Balancer");
    refuseFarDroplets(inputs, world, "creating Load Balancer");
  },
  update: (_before, inputs, world) => refuseFarDroplets(inputs, world, "updating Load Balancer"),
  id: (_inputs, world) => nextUuid(world),
  outputs: (id, inputs, world) => {
    const before = world.get(TOKENS.loadBalancer, id)?.outputs;
    return {
      loadBalancerUrn: `do:loadbalancer:${id}`,
      ip: before?.ip ?? nextPublicAddress(world),
      ipv6: inputs.networkStack === "DUALSTACK" ? `2001:db8:1::${world.count(TOKENS.loadBalancer) + 1}` : "",
      status: "active",
      vpcUuid: inputs.vpcUuid ?? defaultVpc(textOf(inputs.region)?.toLowerCase() ?? ""),
      sizeUnit: inputs.sizeUnit ?? 1,
    };
  },
  computed: ["loadBalancerUrn", "ip", "ipv6", "status", "vpcUuid", "sizeUnit"],
};

function placeProblems(inputs: Properties): Problem[] {
  const type = textOf(inputs.type)?.toUpperCase() ?? "REGIONAL";
  const isGlobal = type === "GLOBAL";
  return [
    ...regionProblems(textOf(inputs.region)),
    ...problem(
      isGlobal && inputs.region !== undefined,
      "region",
      "'region' must be empty or not set when 'type' is 'GLOBAL'",
    ),
    ...problem(!isGlobal && inputs.region === undefined, "region", "missing 'region' value"),
    ...problem(
      inputs.size !== undefined && inputs.sizeUnit !== undefined,
      "size",
      "only one of size or sizeUnit",
    ),
    ...between(inputs.sizeUnit, 1, 200, "sizeUnit"),
  ];
}

function targetProblems(inputs: Properties): Problem[] {
  const both = inputs.dropletIds !== undefined && inputs.dropletTag !== undefined;
  const isGlobal = inputs.glbSettings !== undefined;
  return [
    ...problem(both, "dropletIds", '"droplet_ids": conflicts with droplet_tag'),
    ...problem(
      isGlobal && inputs.forwardingRules !== undefined,
      "glbSettings",
      "conflicts with forwarding_rule",
    ),
    ...problem(
      !isGlobal && (inputs.forwardingRules === undefined || isEmptyList(inputs.forwardingRules)),
      "forwardingRules",
      "at least one forwarding rule is required",
    ),
    ...tagProblems([inputs.dropletTag], "dropletTag"),
  ];
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function ruleProblems(rule: Properties, at: string): Problem[] {
  const entry = textOf(rule.entryProtocol);
  const needsKey = entry !== undefined && TLS.includes(entry);
  const hasKey =
    [rule.certificateName, rule.certificateId].some((name) => name !== undefined) ||
    rule.tlsPassthrough === true;
  const [isUdp, toUdp] = [entry === "udp", known(rule.targetProtocol) === "udp"];
  return [
    ...between(rule.entryPort, 1, 65_535, `${at}.entryPort`),
    ...between(rule.targetPort, 1, 65_535, `${at}.targetPort`),
    ...problem(needsKey && !hasKey, at, `${entry} needs a certificate name or TLS passthrough`),
    ...problem(
      entry !== undefined && known(rule.targetProtocol) !== undefined && isUdp !== toUdp,
      at,
      "udp can only be forwarded to udp",
    ),
  ];
}

function healthProblems(inputs: Properties): Problem[] {
  return objectsOf(inputs.healthcheck).flatMap((check) => {
    const protocol = textOf(check.protocol);
    if (protocol === undefined) return [];
    const isWeb = protocol === "http" || protocol === "https";
    return [
      ...problem(
        !isWeb && protocol !== "tcp",
        "healthcheck.protocol",
        'expected one of ["http" "https" "tcp"]',
      ),
      ...problem(
        isWeb && check.path === undefined,
        "healthcheck.path",
        `is required for when protocol is \`${protocol}\``,
      ),
      ...problem(
        protocol === "tcp" && check.path !== undefined,
        "healthcheck.path",
        "is not allowed for when protocol is `tcp`",
      ),
      ...between(check.port, 1, 65_535, "healthcheck.port"),
      ...between(check.checkIntervalSeconds, 3, 300, "healthcheck.checkIntervalSeconds"),
      ...between(check.responseTimeoutSeconds, 3, 300, "healthcheck.responseTimeoutSeconds"),
      ...between(check.unhealthyThreshold, 2, 10, "healthcheck.unhealthyThreshold"),
      ...between(check.healthyThreshold, 2, 10, "healthcheck.healthyThreshold"),
    ];
  });
}

function stickyProblems(inputs: Properties): Problem[] {
  return objectsOf(inputs.stickySessions).flatMap((session) => {
    const isCookie = session.type === "cookies";
    return ["cookieName", "cookieTtlSeconds"].flatMap((key) => [
      ...problem(
        isCookie && session[key] === undefined,
        `stickySessions.${key}`,
        "is required for when type is `cookies`",
      ),
      ...problem(
        (session.type ?? "none") === "none" && session[key] !== undefined,
        `stickySessions.${key}`,
        "is not allowed for when type is `none`",
      ),
    ]);
  });
}

function between(value: unknown, low: number, high: number, property: string): Problem[] {
  const number = numberOf(value);
  const isWrong = number !== undefined && (number < low || number > high);
  return problem(isWrong, property, `expected to be in the range (${low} - ${high}), got ${number}`);
}

function refuseFarDroplets(inputs: Properties, world: World, doing: string): void {
  for (const id of listOf(inputs.dropletIds)) {
    if (dropletRegion(world, id, doing) === textOf(inputs.region)?.toLowerCase()) continue;
    refuse(doing, 422, `droplet ${String(id)} is not in the load balancer's region`);
  }
}

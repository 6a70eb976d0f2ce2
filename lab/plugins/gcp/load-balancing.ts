import { isIP } from "node:net";
import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { listOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { refuseAddress, takenAddresses } from "./address";
import { CREATED_AT, invalidValue, nextNumber, nextPublicAddress } from "./api";
import { referredCheck, refuseUnknownGroup } from "./group";
import { KINDS } from "./kinds";
import { effectiveLabels, labelProblems } from "./labels";
import { idOf, nameIn, projectOf, referred, regionOf, selfLink } from "./place";
import { nextAddress } from "./subnetwork";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

// Load balancers that pass packets through count connections, not use.
const PASSTHROUGH = ["INTERNAL", "EXTERNAL"];

/** `gcp:compute/regionBackendService:RegionBackendService`. */
export const regionBackendService: CloudType = {
  token: TOKENS.regionBackendService,
  // resource_compute_region_backend_service.go of the Terraform provider; `network` by the SDK's own words.
  forceNew: ["name", "project", "region", "loadBalancingScheme", "network", "params"],
  unordered: ["backends"],
  name: nameIn(KINDS.backendService),
  check: backendProblems,
  create: refuseBackends,
  update: (_before, inputs, world) => refuseBackends(inputs, world),
  delete: (id, _state, world) => refuseWhileUsed(world, "backend_service", id, [TOKENS.forwardingRule]),
  id: idOf(KINDS.backendService),
  outputs: (id, inputs, world) => ({
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    region: regionOf(inputs, world),
    generatedId: Number(world.get(TOKENS.regionBackendService, id)?.outputs.generatedId ?? nextNumber(world)),
    creationTimestamp: CREATED_AT,
    fingerprint: "",
  }),
  computed: ["selfLink", "project", "generatedId", "creationTimestamp", "fingerprint"],
};

function backendProblems(inputs: Properties): Problem[] {
  const scheme = textOf(inputs.loadBalancingScheme) ?? "INTERNAL";
  const passes = PASSTHROUGH.includes(scheme);
  const protocol = textOf(inputs.protocol);
  const backends = objectsOf(inputs.backends);
  return [
    ...problem(
      passes && protocol !== undefined && !["TCP", "UDP", "UNSPECIFIED"].includes(protocol),
      "protocol",
      `Invalid value for field 'resource.protocol': '${protocol}'. Protocol must be TCP, UDP or UNSPECIFIED for ${scheme}`,
    ),
    ...problem(
      backends.length > 0 && inputs.healthChecks === undefined,
      "healthChecks",
      "A health check must be specified unless the backend service uses an internet or serverless NEG as a backend.",
    ),
    ...backends.flatMap((backend, index) => {
      // Left out it is UTILIZATION since version 6 of the Terraform provider.
      const mode =
        textOf(backend.balancingMode) ?? (backend.balancingMode === undefined ? "UTILIZATION" : undefined);
      return [
        ...problem(
          passes && mode !== undefined && mode !== "CONNECTION",
          `backends[${index}].balancingMode`,
          `Invalid value for field 'resource.backends[${index}].balancingMode': '${mode}'. Balancing mode must be CONNECTION for an ${scheme} backend service.`,
        ),
        ...problem(
          passes && ["capacityScaler", "maxRate", "maxUtilization"].some((key) => backend[key] !== undefined),
          `backends[${index}]`,
          `capacity and rates cannot be set for an ${scheme} backend service`,
        ),
      ];
    }),
    ...problem(
      scheme !== "INTERNAL" && inputs.network !== undefined,
      "network",
      "can only be specified when the load balancing scheme is INTERNAL",
    ),
  ];
}

function refuseBackends(inputs: Properties, world: World): void {
  for (const check of [inputs.healthChecks].flat()) {
    if (check !== undefined) referredCheck(check, inputs, world);
  }
  for (const backend of objectsOf(inputs.backends)) refuseUnknownGroup(backend.group, inputs, world);
  if (inputs.network !== undefined) referred(KINDS.network, inputs.network, inputs, world);
}

/** `gcp:compute/forwardingRule:ForwardingRule`. */
export const forwardingRule: CloudType = {
  token: TOKENS.forwardingRule,
  // resource_compute_forwarding_rule.go of the Terraform provider.
  forceNew: [
    ...["name", "project", "region", "ipAddress", "ipProtocol", "allPorts", "backendService", "description"],
    ...["ipCollection", "ipVersion", "isMirroringCollector", "loadBalancingScheme", "network", "networkTier"],
    ...[
      "noAutomateDnsZone",
      "portRange",
      "ports",
      "serviceLabel",
      "subnetwork",
      "serviceDirectoryRegistrations",
    ],
  ],
  unordered: ["ports"],
  name: nameIn(KINDS.forwardingRule),
  check: ruleProblems,
  create: refuseRule,
  id: idOf(KINDS.forwardingRule),
  outputs: (id, inputs, world) => {
    const before = world.get(TOKENS.forwardingRule, id)?.outputs;
    return {
      ...effectiveLabels(inputs.labels),
      selfLink: selfLink(id),
      project: projectOf(inputs, world),
      region: regionOf(inputs, world),
      ipAddress: before?.ipAddress ?? addressOf(inputs, world),
      forwardingRuleId: Number(before?.forwardingRuleId ?? nextNumber(world)),
      creationTimestamp: CREATED_AT,
      baseForwardingRule: "",
      labelFingerprint: "",
      serviceName: "",
    };
  },
  computed: [
    ...["selfLink", "project", "ipAddress", "forwardingRuleId", "creationTimestamp", "baseForwardingRule"],
    ...["labelFingerprint", "serviceName", "effectiveLabels", "pulumiLabels"],
  ],
  changing: ["effectiveLabels", "pulumiLabels"],
};

function ruleProblems(inputs: Properties): Problem[] {
  const stated = ["ports", "portRange", "allPorts"].filter(
    (key) => inputs[key] !== undefined && inputs[key] !== false,
  );
  const isInternal = inputs.loadBalancingScheme === "INTERNAL";
  const bare = inputs.backendService === undefined && inputs.target === undefined;
  return [
    ...labelProblems(inputs.labels),
    ...problem(
      stated.length > 1,
      stated[1] ?? "ports",
      "the 'ports', 'portRange', and 'allPorts' fields are mutually exclusive",
    ),
    ...problem(listOf(inputs.ports).length > 5, "ports", "at most five ports"),
    ...problem(bare, "backendService", "one of backend_service or target must be specified"),
    ...problem(
      isInternal && stated.length === 0,
      "ports",
      "ports or all_ports must be specified for an INTERNAL rule",
    ),
    ...problem(
      isInternal && inputs.portRange !== undefined,
      "portRange",
      "Invalid value for field 'resource.portRange': port range is not supported for INTERNAL passthrough load balancers",
    ),
    ...textsOf(inputs.ports).flatMap((port) =>
      problem(!/^\d{1,5}(?:-\d{1,5})?$/.test(port), "ports", `'${port}' is not a port`),
    ),
  ];
}

function refuseRule(inputs: Properties, world: World): void {
  if (inputs.network !== undefined) referred(KINDS.network, inputs.network, inputs, world);
  const scheme = textOf(inputs.loadBalancingScheme) ?? "EXTERNAL";
  if (inputs.backendService !== undefined) {
    const service = referred(KINDS.backendService, inputs.backendService, inputs, world);
    const theirs = textOf(service.inputs.loadBalancingScheme) ?? "INTERNAL";
    if (theirs !== scheme) {
      throw invalidValue(
        "loadBalancingScheme",
        scheme,
        `It must match that of the backend service, ${theirs}.`,
      );
    }
  }
  const wanted = textOf(inputs.ipAddress);
  if (inputs.subnetwork !== undefined) {
    const subnet = referred(KINDS.subnetwork, inputs.subnetwork, inputs, world);
    if (wanted && isIP(wanted) !== 0) refuseAddress(subnet, wanted, world, "IPAddress");
  }
  if (wanted && isIP(wanted) === 0) referred(KINDS.address, wanted, inputs, world);
}

function addressOf(inputs: Properties, world: World): string {
  const wanted = textOf(inputs.ipAddress);
  if (wanted && isIP(wanted) !== 0) return wanted;
  if (wanted) return String(referred(KINDS.address, wanted, inputs, world).outputs.address);
  if (inputs.subnetwork === undefined) return nextPublicAddress(world);
  return nextAddress(referred(KINDS.subnetwork, inputs.subnetwork, inputs, world), takenAddresses(world));
}

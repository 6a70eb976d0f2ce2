import { isIP } from "node:net";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, googleError, invalidValue, nextNumber, nextPublicAddress, notFound } from "./api";
import { KINDS } from "./kinds";
import { effectiveLabels, labelProblems } from "./labels";
import { idOf, nameIn, pathOf, projectOf, referred, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

const LABELS = ["effectiveLabels", "pulumiLabels"];

/** `gcp:compute/globalAddress:GlobalAddress`: one that all of Google's front ends answer at. */
export const globalAddress: CloudType = {
  token: TOKENS.globalAddress,
  // resource_compute_global_address.go of the Terraform provider: only labels change in place.
  forceNew: [
    ...["name", "project", "address", "addressType", "description", "ipVersion", "network", "prefixLength"],
    "purpose",
  ],
  name: nameIn(KINDS.globalAddress),
  check: (inputs) => [
    ...labelProblems(inputs.labels),
    ...problem(
      inputs.addressType === "INTERNAL" && inputs.network === undefined,
      "network",
      "must be specified for an INTERNAL address",
    ),
  ],
  delete: (id, state, world) => {
    refuseWhileUsed(world, "address", id, [TOKENS.globalForwardingRule]);
    const user = holders(world).find(({ inputs }) => inputs.ipAddress === state.address);
    if (user)
      throw googleError(
        400,
        `The address resource '${id}' is already being used by '${user.id}'`,
        "resourceInUseByAnotherResource",
      );
  },
  id: idOf(KINDS.globalAddress),
  outputs: (id, inputs, world) => ({
    ...effectiveLabels(inputs.labels),
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    address:
      inputs.address ?? world.get(TOKENS.globalAddress, id)?.outputs.address ?? nextPublicAddress(world),
    creationTimestamp: CREATED_AT,
  }),
  computed: ["selfLink", "project", "address", "creationTimestamp", ...LABELS],
  changing: LABELS,
};

const holders = (world: World) => world.all(TOKENS.globalForwardingRule);

/** `gcp:compute/globalForwardingRule:GlobalForwardingRule`. */
export const globalForwardingRule: CloudType = {
  token: TOKENS.globalForwardingRule,
  // resource_compute_global_forwarding_rule.go of the Terraform provider: the target and labels change in place.
  forceNew: [
    ...["name", "project", "description", "ipAddress", "ipProtocol", "ipVersion", "loadBalancingScheme"],
    ...["metadataFilters", "network", "networkTier", "noAutomateDnsZone", "portRange", "sourceIpRanges"],
    ...["serviceDirectoryRegistrations", "subnetwork"],
  ],
  name: nameIn(KINDS.globalForwardingRule),
  check: (inputs) => {
    const range = textOf(inputs.portRange);
    const isManaged = inputs.loadBalancingScheme === "EXTERNAL_MANAGED";
    return [
      ...labelProblems(inputs.labels),
      ...problem(
        isManaged && range !== undefined && !/^(\d{1,5})(?:-\1)?$/.test(range),
        "portRange",
        `Invalid value for field 'resource.portRange': '${range}'. One port alone.`,
      ),
    ];
  },
  create: refuseRule,
  update: (_before, inputs, world) => {
    refuseTarget(inputs, world);
  },
  id: idOf(KINDS.globalForwardingRule),
  outputs: (id, inputs, world) => {
    const before = world.get(TOKENS.globalForwardingRule, id)?.outputs;
    return {
      ...effectiveLabels(inputs.labels),
      selfLink: selfLink(id),
      project: projectOf(inputs, world),
      ipAddress: before?.ipAddress ?? addressOf(inputs, world),
      forwardingRuleId: Number(before?.forwardingRuleId ?? nextNumber(world)),
      ...{ baseForwardingRule: "", labelFingerprint: "", pscConnectionId: "", pscConnectionStatus: "" },
    };
  },
  computed: [
    ...["selfLink", "project", "ipAddress", "forwardingRuleId", "baseForwardingRule", "labelFingerprint"],
    ...["pscConnectionId", "pscConnectionStatus", ...LABELS],
  ],
  changing: LABELS,
};

function refuseRule(inputs: Properties, world: World): void {
  refuseTarget(inputs, world);
  const wanted = textOf(inputs.ipAddress);
  if (wanted === undefined) return;
  const address = addressOf(inputs, world);
  if (!world.findBy(TOKENS.globalAddress, "address", address))
    throw invalidValue("IPAddress", wanted, "It is no global address of this project.");
  const other = holders(world).find(
    (entry) => entry.outputs.ipAddress === address && entry.inputs.portRange === inputs.portRange,
  );
  if (other)
    throw googleError(400, `${address} port ${inputs.portRange} is in use by ${other.id}`, "invalid");
}

/** A rule has the scheme of all the services that its target gives to. */
function refuseTarget(inputs: Properties, world: World): void {
  const proxy = [KINDS.targetHttpProxy, KINDS.targetHttpsProxy]
    .map((kind) => world.get(kind.token, pathOf(kind, inputs.target, inputs, world)))
    .find((found) => found !== undefined);
  if (!proxy) throw notFound(String(inputs.target));
  const map = referred(KINDS.urlMap, proxy.inputs.urlMap, proxy.inputs, world);
  if (map.inputs.defaultService === undefined) return;
  const service = referred(KINDS.globalBackendService, map.inputs.defaultService, map.inputs, world);
  const [ours, theirs] = [inputs, service.inputs].map((of) => textOf(of.loadBalancingScheme) ?? "EXTERNAL");
  if (ours !== theirs)
    throw invalidValue("loadBalancingScheme", ours, `It must match that of the backend service, ${theirs}.`);
}

function addressOf(inputs: Properties, world: World): string {
  const wanted = textOf(inputs.ipAddress);
  if (wanted === undefined) return nextPublicAddress(world);
  if (isIP(wanted) !== 0) return wanted;
  return String(referred(KINDS.globalAddress, wanted, inputs, world).outputs.address);
}

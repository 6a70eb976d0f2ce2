import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, googleError, nextNumber, notFound } from "./api";
import { KINDS } from "./kinds";
import { idOf, lastOf, nameIn, pathOf, projectOf, referred, regionOf, regionOfZone, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

// A group without zones of its own uses three of its region.
const ZONES = 3;
// Four random characters and a dash follow the base name.
const BASE_NAME = /^[a-z](?:[-a-z0-9]{0,56}[a-z0-9])?$/;

/** `gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager`. */
export const regionInstanceGroupManager: CloudType = {
  token: TOKENS.regionInstanceGroupManager,
  // resource_compute_region_instance_group_manager.go of the Terraform provider.
  forceNew: [
    ...["name", "project", "region", "description", "baseInstanceName", "distributionPolicyZones"],
    ...["distributionPolicyTargetShape", "params"],
  ],
  unordered: ["distributionPolicyZones", "namedPorts", "statefulDisks", "targetPools"],
  name: nameIn(KINDS.groupManager),
  check: (inputs) => {
    const base = textOf(inputs.baseInstanceName);
    return [
      ...problem(
        base !== undefined && !BASE_NAME.test(base),
        "baseInstanceName",
        `'${base}' must comply with RFC1035 and have at most 58 characters`,
      ),
      ...objectsOf(inputs.updatePolicy).flatMap((policy) => policyProblems(policy, inputs)),
      ...objectsOf(inputs.autoHealingPolicies).flatMap((healing) => {
        const delay = numberOf(healing.initialDelaySec);
        const isWrong = delay !== undefined && (delay < 0 || delay > 3600);
        return problem(
          isWrong,
          "autoHealingPolicies.initialDelaySec",
          "expected to be in the range (0 - 3600)",
        );
      }),
      ...objectsOf(inputs.namedPorts).flatMap(({ port }, index) => {
        const number = numberOf(port);
        return problem(
          number !== undefined && (number < 1 || number > 65_535),
          `namedPorts[${index}].port`,
          "must be from 1 to 65535",
        );
      }),
    ];
  },
  create: refuseReferences,
  update: (_before, inputs, world) => refuseReferences(inputs, world),
  delete: (id, _state, world) => {
    refuseWhileUsed(world, "instance_group_manager", id, [TOKENS.regionAutoscaler]);
    refuseWhileUsed(world, "instance_group", groupOf(id), [
      TOKENS.regionBackendService,
      TOKENS.backendService,
    ]);
  },
  id: idOf(KINDS.groupManager),
  outputs: (id, inputs, world) => {
    const before = world.get(TOKENS.regionInstanceGroupManager, id)?.outputs;
    const zones = textsOf(inputs.distributionPolicyZones);
    const region = regionOf(inputs, world);
    return {
      selfLink: selfLink(id),
      instanceGroup: selfLink(groupOf(id)),
      project: projectOf(inputs, world),
      region,
      instanceGroupManagerId: Number(before?.instanceGroupManagerId ?? nextNumber(world)),
      targetSize: inputs.targetSize ?? before?.targetSize ?? 0,
      distributionPolicyZones:
        zones.length > 0 ? zones : ["a", "b", "c"].map((letter) => `${region}-${letter}`),
      creationTimestamp: CREATED_AT,
      fingerprint: "",
      statuses: [],
    };
  },
  computed: [
    ...["selfLink", "instanceGroup", "project", "instanceGroupManagerId", "creationTimestamp", "fingerprint"],
    ...["statuses", "targetSize"],
  ],
  changing: ["targetSize"],
};

/** The path of the instance group that a manager makes. */
function groupOf(id: string): string {
  return id.replace("/instanceGroupManagers/", "/instanceGroups/");
}

function policyProblems(policy: Properties, inputs: Properties): Problem[] {
  const zones = textsOf(inputs.distributionPolicyZones).length || ZONES;
  const [surge, unavailable] = [numberOf(policy.maxSurgeFixed), numberOf(policy.maxUnavailableFixed)];
  const isTooFew = (count: number | undefined) => count !== undefined && count > 0 && count < zones;
  const keeps = textOf(policy.instanceRedistributionType);
  const isStateful = ["statefulDisks", "statefulInternalIps", "statefulExternalIps"].some(
    (key) => inputs[key] !== undefined,
  );
  const recreates = policy.replacementMethod === "RECREATE";
  return [
    ...problem(
      isTooFew(surge),
      "updatePolicy.maxSurgeFixed",
      `has to be either 0 or at least equal to the number of zones (${zones})`,
    ),
    ...problem(
      isTooFew(unavailable),
      "updatePolicy.maxUnavailableFixed",
      `has to be either 0 or at least equal to the number of zones (${zones})`,
    ),
    ...problem(
      surge === 0 && unavailable === 0,
      "updatePolicy",
      "at least one of max_unavailable_fixed or max_surge_fixed must be greater than 0",
    ),
    ...["maxSurge", "maxUnavailable"].flatMap((key) =>
      problem(
        policy[`${key}Fixed`] !== undefined && policy[`${key}Percent`] !== undefined,
        `updatePolicy.${key}Fixed`,
        `conflicts with ${key}Percent`,
      ),
    ),
    ...problem(
      recreates && (surge ?? 0) > 0,
      "updatePolicy.maxSurgeFixed",
      "must be 0 when replacement method is RECREATE",
    ),
    ...problem(
      isStateful && keeps !== "NONE",
      "updatePolicy.instanceRedistributionType",
      "must be NONE for a group with stateful configuration",
    ),
  ];
}

function refuseReferences(inputs: Properties, world: World): void {
  const region = regionOf(inputs, world);
  for (const version of objectsOf(inputs.versions)) {
    const template = String(version.instanceTemplate).replace(/\?uniqueId=.*$/, "");
    referred(KINDS.instanceTemplate, template, inputs, world);
  }
  for (const healing of objectsOf(inputs.autoHealingPolicies))
    referredCheck(healing.healthCheck, inputs, world);
  const foreign = textsOf(inputs.distributionPolicyZones).find((zone) => regionOfZone(zone) !== region);
  if (foreign) throw googleError(400, `Zone '${lastOf(foreign)}' is not in region '${region}'`, "invalid");
}

/** A health check of the project or of the region; a path says which. */
export function referredCheck(reference: unknown, inputs: Properties, world: World): void {
  const isRegional = String(reference).includes("/regions/") || String(reference).startsWith("regions/");
  referred(isRegional ? KINDS.regionHealthCheck : KINDS.healthCheck, reference, inputs, world);
}

/** Refuses a group that no manager of this world made. */
export function refuseUnknownGroup(reference: unknown, inputs: Properties, world: World): void {
  const path = pathOf({ ...KINDS.groupManager, collection: "instanceGroups" }, reference, inputs, world);
  const manager = path.replace("/instanceGroups/", "/instanceGroupManagers/");
  if (!world.get(TOKENS.regionInstanceGroupManager, manager)) throw notFound(path);
}

/** `gcp:compute/regionAutoscaler:RegionAutoscaler`. */
export const regionAutoscaler: CloudType = {
  token: TOKENS.regionAutoscaler,
  // resource_compute_region_autoscaler.go of the Terraform provider.
  forceNew: ["name", "project", "region"],
  name: nameIn(KINDS.regionAutoscaler),
  check: (inputs) =>
    objectsOf(inputs.autoscalingPolicy).flatMap((policy) => {
      const [least, most] = [numberOf(policy.minReplicas), numberOf(policy.maxReplicas)];
      const use = objectsOf(policy.cpuUtilization).map((cpu) => numberOf(cpu.target) ?? 0.6);
      return [
        ...problem((least ?? 0) < 0, "autoscalingPolicy.minReplicas", "cannot be less than 0"),
        ...problem(
          least !== undefined && most !== undefined && least > most,
          "autoscalingPolicy.minReplicas",
          `minNumReplicas ${least} must not be greater than maxNumReplicas ${most}`,
        ),
        ...problem(most === 0, "autoscalingPolicy.maxReplicas", "must be at least 1"),
        ...problem(
          use.some((target) => target <= 0 || target > 1),
          "autoscalingPolicy.cpuUtilization.target",
          "must be a float value in the range (0, 1]",
        ),
      ];
    }),
  create: (inputs, world) => {
    const target = referred(KINDS.groupManager, inputs.target, inputs, world);
    const other = world.all(TOKENS.regionAutoscaler).find((entry) => {
      return pathOf(KINDS.groupManager, entry.inputs.target, entry.inputs, world) === target.id;
    });
    if (!other) return;
    throw googleError(
      400,
      `The instance group manager '${target.id}' is already being autoscaled by '${other.id}'`,
      "invalid",
    );
  },
  update: (_before, inputs, world) => {
    referred(KINDS.groupManager, inputs.target, inputs, world);
  },
  id: idOf(KINDS.regionAutoscaler),
  outputs: (id, inputs, world) => ({
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    region: regionOf(inputs, world),
    creationTimestamp: CREATED_AT,
  }),
  computed: ["selfLink", "project", "creationTimestamp"],
};

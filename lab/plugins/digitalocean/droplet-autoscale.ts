import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { known, numberOf, objectsOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, nextUuid } from "./api";
import { refuseUnknownKeys, userDataProblems } from "./droplet";
import { slugProblems } from "./slugs";
import { tagProblems } from "./tags";
import { TOKENS } from "./tokens";
import { joinVpc } from "./vpc";

const TARGETS = ["targetCpuUtilization", "targetMemoryUtilization"];
const DYNAMIC = ["minInstances", "maxInstances", "cooldownMinutes", ...TARGETS];

/** `digitalocean:index/dropletAutoscale:DropletAutoscale`. Its template has no volumes: the SDK's type refuses them. */
export const dropletAutoscale: CloudType = {
  token: TOKENS.dropletAutoscale,
  // digitalocean/dropletautoscale/resource_droplet_autoscale.go of the Terraform provider: all changes are in place.
  forceNew: [],
  name: {
    property: "name",
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/,
    max: 255,
    taken: (name) => `Error creating Droplet autoscale pool: 422 name "${name}" is already in use`,
  },
  check: (inputs) => [
    ...objectsOf(inputs.config).flatMap(configProblems),
    ...objectsOf(inputs.dropletTemplate).flatMap(templateProblems),
  ],
  create: (inputs, world) => refuseTemplate(inputs, world, "creating Droplet autoscale pool"),
  update: (_before, inputs, world) => refuseTemplate(inputs, world, "updating Droplet autoscale pool"),
  id: (_inputs, world) => nextUuid(world),
  outputs: () => ({
    status: "active",
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    currentUtilizations: [],
  }),
  computed: ["status", "createdAt", "updatedAt", "currentUtilizations"],
};

/** A pool is of a fixed size, or has bounds and at least one target. */
function configProblems(config: Properties): Problem[] {
  const isStatic = config.targetNumberInstances !== undefined;
  const mixed = DYNAMIC.filter((key) => config[key] !== undefined);
  if (isStatic) {
    return problem(
      mixed.length > 0,
      "config",
      `target_number_instances cannot be used with ${mixed.join(", ")}`,
    );
  }
  const [min, max] = [numberOf(config.minInstances), numberOf(config.maxInstances)];
  return [
    ...problem(config.minInstances === undefined, "config.minInstances", "is required for a dynamic pool"),
    ...problem(config.maxInstances === undefined, "config.maxInstances", "is required for a dynamic pool"),
    ...problem(min === 0, "config.minInstances", "must not be zero"),
    ...problem(
      min !== undefined && max !== undefined && min > max,
      "config.minInstances",
      `min_instances ${min} must not be greater than max_instances ${max}`,
    ),
    ...problem(
      TARGETS.every((key) => config[key] === undefined),
      "config",
      "a dynamic pool needs target_cpu_utilization or target_memory_utilization",
    ),
    ...TARGETS.flatMap((key) => {
      const target = numberOf(config[key]);
      const isOutside = target !== undefined && (target < 0 || target > 1);
      return problem(isOutside, `config.${key}`, `expected to be in the range (0 - 1), got ${target}`);
    }),
  ];
}

function templateProblems(template: Properties): Problem[] {
  const keys = known(template.sshKeys);
  return [
    ...slugProblems(template, "dropletTemplate."),
    ...tagProblems(template.tags, "dropletTemplate.tags"),
    ...userDataProblems(template.userData, "dropletTemplate.userData"),
    ...problem(
      Array.isArray(keys) && keys.length === 0,
      "dropletTemplate.sshKeys",
      "at least one SSH key is required",
    ),
  ];
}

function refuseTemplate(inputs: Properties, world: World, doing: string): void {
  for (const template of objectsOf(inputs.dropletTemplate)) {
    refuseUnknownKeys(world, textsOf(template.sshKeys), doing);
    joinVpc(world, template.vpcUuid, textOf(template.region), doing);
  }
}

import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../check";
import { CloudError, type CloudType } from "../cloud/cloud-type";
import { objectsOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { refuseAddress, refuseExternal } from "./address";
import { CREATED_AT, googleError, invalidValue, nextNumber } from "./api";
import { attachable, diskTypeProblems, ownsBootDisk, sizeProblems } from "./disk";
import { imageProblems } from "./image";
import { bootDiskOf, interfacesOf } from "./instance-state";
import { KINDS } from "./kinds";
import { effectiveLabels } from "./labels";
import { machineProblems } from "./machine";
import { idOf, lastOf, nameIn, pathOf, projectOf, referred, regionOfZone, selfLink, zoneOf } from "./place";
import { isDual } from "./subnetwork";
import { TOKENS } from "./tokens";
import { refuseUnknownAccount } from "./use";

// instance.go of the Terraform provider: what changes only while the machine is stopped.
const WHILE_STOPPED = [
  ...["machineType", "minCpuPlatform", "serviceAccount", "enableDisplay", "shieldedInstanceConfig"],
  "advancedMachineFeatures",
];

/** `gcp:compute/instance:Instance`. */
export const instance: CloudType = {
  token: TOKENS.instance,
  // resource_compute_instance.go of the Terraform provider. Metadata changes in place, a start script does not.
  forceNew: [
    ...[
      "name",
      "project",
      "zone",
      "bootDisk",
      "description",
      "guestAccelerators",
      "hostname",
      "metadataStartupScript",
    ],
    ...[
      "networkPerformanceConfig",
      "params",
      "scratchDisks",
      "confidentialInstanceConfig",
      "reservationAffinity",
    ],
    ...["scheduling.preemptible", "scheduling.provisioningModel", "scheduling.localSsdRecoveryTimeouts"],
    ...["networkInterfaces.nicType", "networkInterfaces.queueCount", "networkInterfaces.networkIp"],
  ],
  // One interface more or fewer replaces; most of what is inside one does not.
  forceNewWhen: (path) => path === "networkInterfaces",
  unordered: ["tags"],
  name: nameIn(KINDS.instance),
  check: (inputs) => [...machineProblems(inputs), ...bootProblems(inputs)],
  create: (inputs, world) => {
    refuseBootName(inputs, world);
    for (const [index, face] of objectsOf(inputs.networkInterfaces).entries()) {
      refuseInterface(face, inputs, world, `networkInterfaces[${index}]`);
    }
    for (const entry of [...objectsOf(inputs.attachedDisks), ...objectsOf(inputs.bootDisk)]) {
      if (entry.source !== undefined) attachable(world, entry.source, inputs, textOf(entry.mode));
    }
    refuseUnknownAccount(world, TOKENS.account, textOf(objectsOf(inputs.serviceAccount)[0]?.email));
  },
  update: (before, inputs, world) => {
    const had = objectsOf(before.attachedDisks).map((entry) => entry.source);
    for (const entry of objectsOf(inputs.attachedDisks)) {
      if (!had.includes(entry.source)) attachable(world, entry.source, inputs, textOf(entry.mode));
    }
    refuseWhileRunning(before, inputs);
  },
  delete: (id, state) => {
    if (state.deletionProtection !== true) return;
    throw new CloudError(
      `Cannot delete instance ${lastOf(id)}: instance Deletion Protection is enabled. Set deletion_protection to false ` +
        "for this resource and update it before attempting to delete it.",
    );
  },
  id: idOf(KINDS.instance),
  outputs: (id, inputs, world) => {
    const before = world.get(TOKENS.instance, id)?.outputs;
    return {
      ...effectiveLabels(inputs.labels),
      selfLink: selfLink(id),
      project: projectOf(inputs, world),
      zone: zoneOf(inputs, world),
      instanceId: before?.instanceId ?? nextNumber(world),
      networkInterfaces: interfacesOf(inputs, world, before),
      bootDisk: bootDiskOf(inputs, world),
      cpuPlatform: "Intel Broadwell",
      currentStatus: inputs.desiredStatus ?? "RUNNING",
      creationTimestamp: CREATED_AT,
      labelFingerprint: "",
      metadataFingerprint: "",
      tagsFingerprint: "",
    };
  },
  computed: [
    ...["selfLink", "project", "instanceId", "networkInterfaces", "bootDisk", "cpuPlatform", "currentStatus"],
    ...["creationTimestamp", "labelFingerprint", "metadataFingerprint", "tagsFingerprint", "effectiveLabels"],
    "pulumiLabels",
  ],
  changing: ["networkInterfaces", "currentStatus", "effectiveLabels", "pulumiLabels"],
  secrets: { bootDisk: ["bootDisk"] },
};

function bootProblems(inputs: Properties): Problem[] {
  return objectsOf(inputs.bootDisk).flatMap((boot) => {
    const [params] = objectsOf(boot.initializeParams);
    const isEmpty = boot.source === undefined && boot.initializeParams === undefined;
    return [
      ...problem(isEmpty, "bootDisk", "one of source or initialize_params must be specified"),
      ...problem(
        boot.source !== undefined && params !== undefined,
        "bootDisk.source",
        "conflicts with boot_disk.initialize_params",
      ),
      ...diskTypeProblems(params?.type, "bootDisk.initializeParams.type"),
      ...sizeProblems(params?.size, textOf(params?.type), "bootDisk.initializeParams.size"),
      ...imageProblems(params?.image, "bootDisk.initializeParams.image"),
    ];
  });
}

/** The boot disk that comes with a machine bears its name, which must be free among the zone's disks. */
function refuseBootName(inputs: Properties, world: World): void {
  const path = pathOf(KINDS.disk, inputs.name, inputs, world);
  if (!ownsBootDisk(inputs) || !world.get(TOKENS.disk, path)) return;
  throw googleError(409, `The resource '${path}' already exists`, "alreadyExists");
}

function refuseInterface(face: Properties, inputs: Properties, world: World, at: string): void {
  const region = regionOfZone(zoneOf(inputs, world));
  const place = { ...inputs, region, ...(face.subnetworkProject ? { project: face.subnetworkProject } : {}) };
  if (face.network !== undefined) referred(KINDS.network, face.network, place, world);
  for (const { natIp } of objectsOf(face.accessConfigs)) {
    if (typeof natIp === "string") refuseExternal(region, natIp, world, `${at}.accessConfigs[0].natIP`);
  }
  if (face.subnetwork === undefined) return;
  const subnet = referred(KINDS.subnetwork, face.subnetwork, place, world);
  if (subnet.outputs.region !== region) {
    throw googleError(
      400,
      `Invalid value for field 'resource.${at}.subnetwork': '${subnet.id}'. The referenced subnetwork must be in the same region as the instance (${region}).`,
      "invalid",
    );
  }
  if (face.stackType === "IPV4_IPV6" && !isDual(subnet.inputs)) {
    const why = "Subnetwork must have stack type IPV4_IPV6 for an interface with IPv6.";
    throw invalidValue(`${at}.stackType`, "IPV4_IPV6", why);
  }
  const wanted = textOf(face.networkIp);
  if (wanted) refuseAddress(subnet, wanted, world, `${at}.networkIP`);
}

function refuseWhileRunning(before: Properties, inputs: Properties): void {
  const networksOf = (bag: Properties) =>
    objectsOf(bag.networkInterfaces).map(({ network, subnetwork, subnetworkProject }) => [
      network,
      subnetwork,
      subnetworkProject,
    ]);
  const changes =
    WHILE_STOPPED.some((key) => !isDeepStrictEqual(before[key], inputs[key])) ||
    !isDeepStrictEqual(networksOf(before), networksOf(inputs));
  const isStopped = inputs.desiredStatus === "TERMINATED";
  if (!changes || isStopped || inputs.allowStoppingForUpdate === true) return;
  throw new CloudError(
    "Changing the machine_type, min_cpu_platform, service_account, enable_display, shielded_instance_config, " +
      "scheduling.node_affinities or network_interface.[#d].(network/subnetwork/subnetwork_project) or " +
      "advanced_machine_features on a started instance requires stopping it. To acknowledge this, please set " +
      'allow_stopping_for_update = true in your config. You can also stop it by setting desired_status = "TERMINATED", ' +
      "but the instance will not be restarted after the update.",
  );
}

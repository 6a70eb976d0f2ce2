import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { CREATED_AT, googleError, inUse, invalidValue, nextNumber } from "./api";
import { imageProblems } from "./image";
import { KINDS } from "./kinds";
import { effectiveLabels, labelProblems } from "./labels";
import { idOf, lastOf, nameIn, pathOf, projectOf, referred, selfLink, zoneOf } from "./place";
import { TOKENS } from "./tokens";

const TYPE =
  /(?:^|\/)(?:pd-(?:standard|balanced|ssd|extreme)|hyperdisk-(?:balanced|extreme|throughput|ml|balanced-high-availability)|local-ssd)$/;
// cloud.google.com/compute/docs/disks: 10 GB to 64 TB for persistent disks; hyperdisks start at 4 GB.
const SIZE = { least: 4, leastPersistent: 10, most: 65_536 };

/** `gcp:compute/disk:Disk`; `size` in GB. */
export const disk: CloudType = {
  token: TOKENS.disk,
  // resource_compute_disk.go of the Terraform provider.
  forceNew: [
    ...[
      "name",
      "project",
      "zone",
      "type",
      "architecture",
      "asyncPrimaryDisk",
      "description",
      "diskEncryptionKey",
    ],
    ...[
      "enableConfidentialCompute",
      "guestOsFeatures",
      "image",
      "licenses",
      "params",
      "physicalBlockSizeBytes",
    ],
    ...[
      "snapshot",
      "sourceDisk",
      "sourceImageEncryptionKey",
      "sourceInstantSnapshot",
      "sourceSnapshotEncryptionKey",
    ],
    ...[
      "sourceStorageObject",
      "storagePool",
      "multiWriter",
      "interface",
      "eraseWindowsVssSignature",
      "resourcePolicies",
    ],
  ],
  // The same file, IsDiskShrinkage: the provider wants another one, since the API shrinks none.
  forceNewWhen: (path, inputs, before) =>
    path === "size" && (numberOf(inputs.size) ?? 0) < (numberOf(before.size) ?? 0),
  name: nameIn(KINDS.disk),
  check: (inputs) => [
    ...diskTypeProblems(inputs.type, "type"),
    ...sizeProblems(inputs.size, textOf(inputs.type), "size"),
    ...imageProblems(inputs.image, "image"),
    ...labelProblems(inputs.labels),
  ],
  create: (inputs, world) => {
    // A machine's boot disk bears the machine's name.
    const machine = pathOf(KINDS.instance, inputs.name, inputs, world);
    if (ownsBootDisk(world.get(TOKENS.instance, machine)?.inputs)) {
      throw googleError(
        409,
        `The resource '${idOf(KINDS.disk)(inputs, world)}' already exists`,
        "alreadyExists",
      );
    }
  },
  update: (before, inputs) => {
    const [old, wanted] = [numberOf(before.size) ?? 0, numberOf(inputs.size)];
    if (wanted === undefined || wanted >= old) return;
    throw invalidValue(
      "sizeGb",
      wanted,
      `Requested disk size cannot be smaller than the current size (${old} GB).`,
    );
  },
  delete: (id, _state, world) => {
    const user = userOf(world, id);
    if (user) throw inUse("disk", id, user);
  },
  id: idOf(KINDS.disk),
  outputs: (id, inputs, world) => ({
    ...effectiveLabels(inputs.labels),
    selfLink: selfLink(id),
    project: projectOf(inputs, world),
    zone: zoneOf(inputs, world),
    diskId: world.get(TOKENS.disk, id)?.outputs.diskId ?? nextNumber(world),
    size: inputs.size ?? (inputs.image === undefined ? 500 : 10),
    type: inputs.type ?? "pd-standard",
    physicalBlockSizeBytes: inputs.physicalBlockSizeBytes ?? 4096,
    users: [],
    creationTimestamp: CREATED_AT,
    labelFingerprint: "",
  }),
  computed: [
    ...["selfLink", "project", "diskId", "users", "creationTimestamp", "labelFingerprint"],
    ...["effectiveLabels", "pulumiLabels"],
  ],
  changing: ["effectiveLabels", "pulumiLabels"],
};

/** `gcp:compute/attachedDisk:AttachedDisk`. */
export const attachedDisk: CloudType = {
  token: TOKENS.attachedDisk,
  // resource_compute_attached_disk.go of the Terraform provider.
  forceNew: ["disk", "instance", "project", "zone", "deviceName", "mode", "interface"],
  create: (inputs, world) => {
    const machine = referred(KINDS.instance, inputs.instance, inputs, world);
    const place = { ...inputs, zone: String(machine.outputs.zone) };
    attachable(world, inputs.disk, place, textOf(inputs.mode));
  },
  id: (inputs, world) => {
    const machine = pathOf(KINDS.instance, inputs.instance, inputs, world);
    return `${machine}/${lastOf(String(inputs.disk))}`;
  },
  outputs: (_id, inputs, world) => {
    const machine = referred(KINDS.instance, inputs.instance, inputs, world);
    return {
      project: projectOf(inputs, world),
      zone: machine.outputs.zone,
      deviceName: inputs.deviceName ?? `persistent-disk-${world.count(TOKENS.attachedDisk) + 1}`,
    };
  },
  computed: ["project"],
};

/**
 * Refuses a disk that does not exist, is in another zone than the machine, or that another machine has.
 * @param place inputs whose `zone` is the machine's.
 */
export function attachable(world: World, source: unknown, place: Properties, mode: string | undefined): void {
  const path = pathOf(KINDS.disk, source, place, world);
  const zone = zoneOf(place, world);
  const found = referred(KINDS.disk, path, place, world);
  if (found.outputs.zone !== zone) {
    throw googleError(
      400,
      `The disk '${path}' must be in the same zone as the instance (${zone}, not ${String(found.outputs.zone)})`,
      "invalid",
    );
  }
  const user = userOf(world, found.id, mode === "READ_ONLY");
  if (user) throw inUse("disk", found.id, user);
}

/** The machine that has the disk. Many can read one, if all of them only read. */
export function userOf(world: World, id: string, onlyWriters = false): string | undefined {
  const isUser = (source: unknown, mode: unknown, inputs: Properties) => {
    const counts = !onlyWriters || mode !== "READ_ONLY";
    return counts && source !== undefined && pathOf(KINDS.disk, source, inputs, world) === id;
  };
  const machine = world.all(TOKENS.instance).find(({ inputs }) => {
    const disks = [...objectsOf(inputs.attachedDisks), ...objectsOf(inputs.bootDisk)];
    return disks.some((entry) => isUser(entry.source, entry.mode, inputs));
  });
  if (machine) return machine.id;
  const attached = world.all(TOKENS.attachedDisk).find(({ inputs, outputs }) => {
    return isUser(inputs.disk, inputs.mode, { ...inputs, zone: outputs.zone });
  });
  return attached && pathOf(KINDS.instance, attached.inputs.instance, attached.inputs, world);
}

/** Whether a machine of these inputs made a boot disk of its own, under its own name. */
export function ownsBootDisk(inputs: Properties | undefined): boolean {
  return inputs !== undefined && objectsOf(inputs.bootDisk).some((boot) => boot.source === undefined);
}

export function diskTypeProblems(type: unknown, property: string) {
  const text = textOf(type);
  return problem(
    text !== undefined && !TYPE.test(text),
    property,
    `Invalid value for field 'resource.type': '${text}'. The referenced disk type cannot be found.`,
  );
}

export function sizeProblems(size: unknown, type: string | undefined, property: string) {
  const number = numberOf(size);
  const least = type?.includes("hyperdisk") ? SIZE.least : SIZE.leastPersistent;
  const isWrong = number !== undefined && (number < least || number > SIZE.most);
  return problem(isWrong, property, `Disk size must be from ${least} GB to ${SIZE.most} GB, got ${number}`);
}

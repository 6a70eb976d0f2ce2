import type { CloudType } from "../cloud/cloud-type";
import { numberOf, problem, textOf, textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { existing, nextUuid, refuse } from "./api";
import { regionProblems } from "./slugs";
import { tagProblems } from "./tags";
import { TOKENS } from "./tokens";

// API reference, volume actions: "The maximum size for a volume is 16TiB", "up to fifteen volumes may be attached to a
// Droplet at a time", "Each volume may only be attached to a single Droplet", "may only be resized upwards".
const SIZE_MAX_GIB = 16_384;
const VOLUMES_PER_DROPLET = 15;

/** `digitalocean:index/volume:Volume`; `size` in GiB. */
export const volume: CloudType = {
  token: TOKENS.volume,
  // digitalocean/volume/resource_volume.go of the Terraform provider.
  forceNew: [
    "region",
    "name",
    "description",
    "snapshotId",
    "initialFilesystemType",
    "initialFilesystemLabel",
  ],
  unordered: ["tags"],
  name: {
    property: "name",
    pattern: /^[a-z][a-z0-9-]*$/,
    max: 64,
    scope: (inputs) => textOf(inputs.region)?.toLowerCase() ?? "",
    taken: (name) => `Error creating Volume: 409 a volume named "${name}" already exists in the region`,
  },
  check: (inputs) => {
    const size = numberOf(inputs.size);
    const isWrong = size !== undefined && (!Number.isInteger(size) || size < 1 || size > SIZE_MAX_GIB);
    return [
      ...regionProblems(textOf(inputs.region)),
      ...problem(isWrong, "size", `must be a whole number of GiB from 1 to ${SIZE_MAX_GIB}, got ${size}`),
      ...tagProblems(inputs.tags),
      ...problem(
        Buffer.byteLength(textOf(inputs.description) ?? "") > 1024,
        "description",
        "up to a limit of 1024 bytes",
      ),
      ...problem(
        inputs.filesystemType !== undefined && inputs.initialFilesystemType !== undefined,
        "filesystemType",
        "conflicts with initialFilesystemType",
      ),
    ];
  },
  update: (before, inputs) => {
    if (Number(inputs.size) >= Number(before.size)) return;
    refuse("resizing volume", 422, "volumes `size` can only be expanded and not shrunk");
  },
  delete: (id, _state, world) => {
    if (holderOf(world, id)) refuse("deleting Volume", 409, "attached volume cannot be deleted");
  },
  id: (_inputs, world) => nextUuid(world),
  outputs: (id, inputs, world) => ({
    volumeUrn: `do:volume:${id}`,
    dropletIds: world.get(TOKENS.volume, id)?.outputs.dropletIds ?? [],
    filesystemType: inputs.initialFilesystemType ?? inputs.filesystemType ?? "",
    filesystemLabel: inputs.initialFilesystemLabel ?? "",
  }),
  computed: ["volumeUrn", "dropletIds", "filesystemType", "filesystemLabel"],
};

/** `digitalocean:index/volumeAttachment:VolumeAttachment`. */
export const volumeAttachment: CloudType = {
  token: TOKENS.volumeAttachment,
  // digitalocean/volume/resource_volume_attachment.go of the Terraform provider.
  forceNew: ["dropletId", "volumeId"],
  create: (inputs, world) => {
    const doing = "attaching volume to droplet after retry timeout";
    const droplet = existing(world, TOKENS.droplet, inputs.dropletId, doing);
    const region = String(droplet.outputs.region);
    attachable(world, inputs.volumeId, { region, droplet: droplet.id }, doing);
  },
  id: (inputs, world) => `${String(inputs.dropletId)}-${String(inputs.volumeId)}-${world.draw()}`,
  outputs: () => ({}),
  computed: [],
};

interface Place {
  readonly region: string | undefined;
  /** Absent for a droplet that is about to be created. */
  readonly droplet?: string;
}

/** Refuses a volume that is elsewhere, is attached already, or is one too many. */
export function attachable(world: World, id: unknown, { region, droplet }: Place, doing: string): void {
  const found = existing(world, TOKENS.volume, id, doing);
  if (region && textOf(found.inputs.region)?.toLowerCase() !== region) {
    refuse(doing, 422, `Volume ${found.id} is not in the same region as the Droplet (${region})`);
  }
  if (holderOf(world, found.id)) refuse(doing, 422, "This volume is already attached");
  if (droplet && volumesOf(world, droplet) >= VOLUMES_PER_DROPLET) {
    refuse(doing, 422, `cannot attach more than ${VOLUMES_PER_DROPLET} volumes to a single Droplet`);
  }
}

function attachments(world: World) {
  return world.all(TOKENS.volumeAttachment).filter((entry) => {
    return world.get(TOKENS.droplet, String(entry.inputs.dropletId)) !== undefined;
  });
}

/** The droplet that has the volume: attached on its own, or named by the droplet. */
function holderOf(world: World, volumeId: string): string | undefined {
  const attached = attachments(world).find((entry) => entry.inputs.volumeId === volumeId);
  if (attached) return String(attached.inputs.dropletId);
  return world.all(TOKENS.droplet).find((entry) => textsOf(entry.inputs.volumeIds).includes(volumeId))?.id;
}

function volumesOf(world: World, dropletId: string): number {
  const attached = attachments(world).filter((entry) => String(entry.inputs.dropletId) === dropletId);
  return attached.length + textsOf(world.get(TOKENS.droplet, dropletId)?.inputs.volumeIds).length;
}

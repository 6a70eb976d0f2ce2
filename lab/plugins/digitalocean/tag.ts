import type { CloudType } from "../cloud/cloud-type";
import { textsOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { TAG } from "./tags";
import { TOKENS } from "./tokens";

/** `digitalocean:index/tag:Tag`; its id is its name. */
export const tag: CloudType = {
  token: TOKENS.tag,
  // digitalocean/tag/resource_tag.go of the Terraform provider.
  forceNew: ["name"],
  name: {
    property: "name",
    pattern: TAG,
    max: 255,
    taken: (name) => `Error creating tag: 422 tag "${name}" already exists`,
  },
  id: (inputs) => String(inputs.name),
  outputs: (id, _inputs, world) => {
    const [droplets, volumes] = [tagged(world, TOKENS.droplet, id), tagged(world, TOKENS.volume, id)];
    return {
      dropletsCount: droplets,
      volumesCount: volumes,
      totalResourceCount: droplets + volumes,
      databasesCount: 0,
      imagesCount: 0,
      volumeSnapshotsCount: 0,
    };
  },
  computed: [
    "dropletsCount",
    "volumesCount",
    "totalResourceCount",
    "databasesCount",
    "imagesCount",
    "volumeSnapshotsCount",
  ],
};

function tagged(world: World, token: string, name: string): number {
  return world.all(token).filter((entry) => textsOf(entry.inputs.tags).includes(name)).length;
}

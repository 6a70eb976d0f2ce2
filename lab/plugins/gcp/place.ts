import { CloudError, type NameRule } from "../cloud/cloud-type";
import { textOf } from "../cloud/known";
import type { Entry, World } from "../cloud/world";
import type { Properties } from "../value";
import { googleError, notFound } from "./api";

const COMPUTE = "https://www.googleapis.com/compute/v1/";

/** RFC 1035 as Compute Engine reads it. */
export const RFC1035 = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
export const NAME_MAX = 63;

/** Where the resources of one kind live: `networks` of the project, `disks` of a zone. */
export interface Kind {
  readonly token: string;
  /** As the API calls them in paths. */
  readonly collection: string;
  readonly within: "global" | "region" | "zone";
}

export function selfLink(id: string): string {
  return `${COMPUTE}${id}`;
}

/** The last part of a path or URL. */
export function lastOf(reference: string): string {
  return reference.split("/").at(-1) ?? reference;
}

// The texts of tpgresource.GetProject, GetRegion and GetZone in the Terraform provider.
export function projectOf(inputs: Properties, world: World): string {
  const project = textOf(inputs.project) ?? textOf(world.config.project);
  if (project) return project;
  throw new CloudError("project: required field is not set");
}

export function zoneOf(inputs: Properties, world: World): string {
  const zone = textOf(inputs.zone) ?? textOf(world.config.zone);
  if (zone) return lastOf(zone);
  throw new CloudError("Cannot determine zone: set in this resource, or set provider-level zone.");
}

export function regionOf(inputs: Properties, world: World): string {
  const region = textOf(inputs.region) ?? textOf(world.config.region);
  if (region) return lastOf(region);
  const zone = textOf(world.config.zone);
  if (zone) return regionOfZone(zone);
  throw new CloudError(
    "Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'.",
  );
}

export function regionOfZone(zone: string): string {
  return lastOf(zone).replace(/-[a-z]$/, "");
}

/** `projects/p/zones/z/disks`: the folder of a resource. */
export function folderOf(kind: Kind, inputs: Properties, world: World): string {
  const project = `projects/${projectOf(inputs, world)}`;
  switch (kind.within) {
    case "global":
      return `${project}/global/${kind.collection}`;
    case "region":
      return `${project}/regions/${regionOf(inputs, world)}/${kind.collection}`;
    case "zone":
      return `${project}/zones/${zoneOf(inputs, world)}/${kind.collection}`;
  }
}

export function idOf(kind: Kind): (inputs: Properties, world: World) => string {
  return (inputs, world) => `${folderOf(kind, inputs, world)}/${String(inputs.name)}`;
}

/** The name of a Compute Engine resource, unique in its folder. */
export function nameIn(kind: Kind): NameRule {
  return {
    property: "name",
    pattern: RFC1035,
    max: NAME_MAX,
    scope: (inputs, world) => folderOf(kind, inputs, world),
    taken: (name) =>
      googleError(409, `The resource '${kind.collection}/${name}' already exists`, "alreadyExists").message,
  };
}

/** The path of a reference, which may be a URL, a path or a bare name beside `inputs`. */
export function pathOf(kind: Kind, reference: unknown, inputs: Properties, world: World): string {
  const text = String(reference)
    .replace(/^https:\/\/[^/]+\/(?:compute\/(?:v1|beta)\/)?/, "")
    .replace(/^\//, "");
  if (text.startsWith("projects/")) return text;
  if (/^(?:global|regions|zones)\//.test(text)) return `projects/${projectOf(inputs, world)}/${text}`;
  return `${folderOf(kind, inputs, world)}/${text}`;
}

/** What a reference names. @throws the API's 404. */
export function referred(kind: Kind, reference: unknown, inputs: Properties, world: World): Entry {
  const path = pathOf(kind, reference, inputs, world);
  const found = world.get(kind.token, path);
  if (found) return found;
  throw notFound(path);
}

import type { Problem } from "../check";
import { CloudError, type CloudFunction } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import { CREATED_AT, notFound } from "./api";
import { lastOf, selfLink } from "./place";

const IMAGE = "[a-z](?:[-a-z0-9]*[a-z0-9])?";
// What the provider resolves: a URL or path, `project/image`, `family/name`, or a name that its own table knows.
const REFERENCE = new RegExp(
  `^(?:https://[^/]+/compute/[^/]+/)?(?:projects/[^/]+/)?(?:global/images/)?(?:[^/]+/)?${IMAGE}$`,
);
// image.go of the Terraform provider, imageMap: names without a project that it looks up in a public one.
const PUBLIC: Readonly<Record<string, RegExp>> = {
  "centos-cloud": /^centos-/,
  "cos-cloud": /^cos-/,
  "debian-cloud": /^debian-\d+/,
  "fedora-cloud": /^fedora-/,
  "opensuse-cloud": /^opensuse-/,
  "rhel-cloud": /^rhel-/,
  "rocky-linux-cloud": /^rocky-linux-/,
  "suse-cloud": /^sles-/,
  "ubuntu-os-cloud": /^ubuntu-/,
  "windows-cloud": /^windows-/,
};

/** Images of which the provider would say that it could not resolve them. */
export function imageProblems(image: unknown, property: string): Problem[] {
  const text = textOf(image);
  if (text === undefined) return [];
  const isBare = !text.includes("/");
  const isKnown = isBare ? Object.values(PUBLIC).some((names) => names.test(text)) : isOfPublicProject(text);
  return problem(
    !REFERENCE.test(text) || !isKnown,
    property,
    `Error resolving image name '${text}': Could not find image or family ${text}`,
  );
}

/** Wrong only where a public project is named that has no image of that name. */
function isOfPublicProject(reference: string): boolean {
  const project = Object.keys(PUBLIC).find((name) => reference.includes(`${name}/`));
  return project === undefined || (PUBLIC[project]?.test(lastOf(reference)) ?? false);
}

/** `gcp:compute/getImage:getImage`: by `name`, or the newest of a `family`. */
export const getImage: CloudFunction = (args, world) => {
  const [name, family] = [textOf(args.name), textOf(args.family)];
  if (!name && !family && args.filter === undefined) {
    throw new CloudError("one of name, family or filters must be set");
  }
  const project = textOf(args.project) ?? textOf(world.config.project) ?? "";
  const wanted = name ?? family ?? "image";
  const path = `projects/${project}/global/images/${family && !name ? "family/" : ""}${wanted}`;
  if (project in PUBLIC && !PUBLIC[project]?.test(wanted)) throw notFound(path);
  const found = name ?? `${wanted}-v20260101`;
  const id = `projects/${project}/global/images/${found}`;
  return {
    id,
    name: found,
    family: family ?? found.replace(/-v\d+$/, ""),
    project,
    selfLink: selfLink(id),
    imageId: "4000000000000000",
    diskSizeGb: 10,
    archiveSizeBytes: 1_000_000_000,
    status: "READY",
    creationTimestamp: CREATED_AT,
    description: found,
    imageEncryptionKeySha256: "",
    labelFingerprint: "",
    labels: {},
    licenses: [],
    sourceDisk: "",
    sourceDiskEncryptionKeySha256: "",
    sourceDiskId: "",
    sourceImageId: "",
    ...(args.filter === undefined ? {} : { filter: args.filter }),
    ...(args.mostRecent === undefined ? {} : { mostRecent: args.mostRecent }),
  };
};

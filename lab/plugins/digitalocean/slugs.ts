import { Region } from "@pulumi/digitalocean/types/enums";
import type { Problem } from "../check";
import { problem, textOf } from "../cloud/known";
import type { Properties } from "../value";

// The SDK's list lags behind the API: atl1, ric1 and nyc3's siblings came without a new enum.
const REGIONS = new Set<string>([...Object.values(Region), "atl1", "ric1"]);

const FAMILIES = "s|c|c2|g|gd|m|m3|m6|so|so1_5|gpu";
const SIZE = new RegExp(
  `^(?:(?:${FAMILIES})-(?:\\d+vcpu-\\d+(?:gb|mb)|\\d+)(?:-\\d+gb)?(?:-(?:amd|intel))?|gpu-[a-z0-9-]+)$`,
);
const IMAGE = /^(?:[a-z][a-z0-9-]*-x64|[a-z][a-z0-9-]{2,}|\d+)$/;

/** What a size slug says of its machine; `disk` in GB, `memory` in MB. */
export interface Size {
  readonly vcpus: number;
  readonly memory: number;
  readonly disk: number;
}

// GB of disk per vCPU in the families whose disk grows with the cores (digitalocean.com/pricing/droplets).
const DISK_PER_VCPU: Readonly<Record<string, number>> = {
  c: 12.5,
  c2: 25,
  g: 12.5,
  gd: 25,
  m: 25,
  m3: 75,
  m6: 150,
  so: 150,
  so1_5: 225,
};

/** Reads `s-2vcpu-4gb`, `c-4`, `s-1vcpu-512mb-10gb`. Undefined for what is no size. */
export function sizeOf(slug: string): Size | undefined {
  if (!SIZE.test(slug)) return undefined;
  const [, vcpus, amount, unit, ownDisk] = /(\d+)vcpu-(\d+)(gb|mb)(?:-(\d+)gb)?/.exec(slug) ?? [];
  const cores = Number(vcpus ?? /^c-(\d+)/.exec(slug)?.[1] ?? 8);
  const memory = amount === undefined ? cores * 2048 : Number(amount) * (unit === "gb" ? 1024 : 1);
  const perCore = DISK_PER_VCPU[slug.split("-")[0] ?? ""];
  const disk = ownDisk ? Number(ownDisk) : perCore ? perCore * cores : basicDisk(memory);
  return { vcpus: cores, memory, disk };
}

function basicDisk(memory: number): number {
  return memory <= 1024 ? 25 : memory <= 2048 ? 50 : (memory / 1024) * 20;
}

/** Whether the API takes this text for an image: a slug, or the number of a snapshot or custom image. */
export function isImage(image: string): boolean {
  return IMAGE.test(image);
}

/** Region, size and image of a machine; all three are slugs that only the API's own lists explain. */
export function slugProblems(inputs: Properties, prefix = ""): Problem[] {
  const region = textOf(inputs.region)?.toLowerCase();
  const size = textOf(inputs.size)?.toLowerCase();
  const image = textOf(inputs.image);
  return [
    ...regionProblems(region, prefix),
    ...problem(
      size !== undefined && !sizeOf(size),
      `${prefix}size`,
      `You specified an invalid size for Droplet creation: "${size}"`,
    ),
    ...problem(
      image !== undefined && !isImage(image),
      `${prefix}image`,
      `You specified an invalid image for Droplet creation: "${image}"`,
    ),
  ];
}

export function regionProblems(region: string | undefined, prefix = ""): Problem[] {
  return problem(
    region !== undefined && !REGIONS.has(region),
    `${prefix}region`,
    `You specified an invalid region: "${region}"`,
  );
}

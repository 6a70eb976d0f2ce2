import { createHash } from "node:crypto";
import { clusterName, dataName } from "../../core/naming";
import { type DigitalOceanConfig, spacesRegion } from "./config";

/** Names that this target gives, beside those of core/naming. They are identities: a change replaces. */

/** Rules of the firewall, members of a pool and a balancer find their droplets by it. */
export const groupTag = (stack: string, group: string): string => `nodewright:${stack}:${group}`;

export const stackTag = (stack: string): string => `nodewright:${stack}`;

/** DigitalOcean has no private zone, so hosts find each other by public names of private addresses. */
export const nameInCluster = (stack: string, host: string, domain: string | undefined): string =>
  domain === undefined ? clusterName(stack, host) : `${host}.cluster.${domain}`;

/** Where Debian shows a volume of that name (docs.digitalocean.com/products/volumes/how-to/mount). */
export const volumeDevice = (stack: string, host: string): string =>
  `/dev/disk/by-id/scsi-0DO_Volume_${dataName(stack, host)}`;

/** At most 63 characters, those that Spaces takes; the hash tells apart what had to be cut. */
export function bucketName(config: DigitalOceanConfig, stack: string): string {
  const region = spacesRegion(config);
  const hash = createHash("sha256").update(`${stack}/${config.region}`).digest("hex").slice(0, 8);
  const label = stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 32);
  return config.spaces.bucket ?? ["nodewright", label, region, hash].filter(Boolean).join("-");
}

/** Base URL of the mirror. Objects are for anyone to read: they hold no secret and are named by their hash. */
export const mirrorUrl = (config: DigitalOceanConfig, stack: string): string =>
  config.mirror ?? `https://${bucketName(config, stack)}.${spacesRegion(config)}.digitaloceanspaces.com`;

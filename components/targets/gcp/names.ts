import { createHash } from "node:crypto";
import type { GcpConfig } from "./config";

/** Names that this target gives, beside those of core/naming. They are identities: a change replaces. */

/** Compute Engine's limit for every name (RFC 1035 label). */
export const LONGEST = 63;
/** A group gives its machines its own name and five characters more. */
export const LONGEST_POOL = LONGEST - 5;
const LONGEST_ACCOUNT = 30;

const hashOf = (text: string, digits: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);

/** The name, or where it is too long its start and a hash of all of it. */
export function shortened(name: string, longest: number = LONGEST): string {
  return name.length <= longest
    ? name
    : `${name.slice(0, longest - 9).replace(/-+$/, "")}-${hashOf(name, 8)}`;
}

/** Id of a service account: at least 6 characters, at most 30, unique in the project. */
export const accountId = (stack: string, account: string): string =>
  shortened(`nw-${stack}-${account}`, LONGEST_ACCOUNT);

export const ruleName = (stack: string, account: string, rule: string): string =>
  shortened(`${stack}-${account}-${rule}`);

/** Bucket names are one world for all customers, and everybody can ask whether one exists. */
export const bucketName = ({ project, region }: Pick<GcpConfig, "project" | "region">, stack: string) =>
  `${shortened(`nodewright-${stack}`, 46)}-${hashOf(`${project}/${region}/${stack}`, 16)}`;

/** Base URL of the mirror. Hosts show Cloud Storage a token of their own service account. */
export const mirrorUrl = (config: GcpConfig, stack: string): string =>
  config.mirror ?? `https://storage.googleapis.com/${bucketName(config, stack)}`;

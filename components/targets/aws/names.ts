import { createHash } from "node:crypto";
import type { AwsConfig } from "./config";

/** Letters that S3, balancers and roles all take. */
const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** A name from parts, at most so long. One that must be cut ends in a hash of all of it, and stays unique. */
export function fittedName(parts: readonly string[], most: number): string {
  const whole = parts.map(plain).join("-");
  if (whole.length <= most && whole === parts.join("-")) return whole;
  return `${whole.slice(0, most - 9).replace(/-+$/, "")}-${hash(parts.join("\n"))}`;
}

/** Name of the mirror's bucket. Bucket names are global to AWS, so it ends in a hash of what makes it. */
export const bucketName = ({ bucket, region }: AwsConfig, stack: string): string =>
  bucket ?? `${fittedName(["nodewright", stack, region], 54)}-${hash(`${stack}\n${region}`)}`;

/** Base URL of the mirror, by the virtual-hosted name that the S3 gateway endpoint serves. */
export const mirrorUrl = (config: AwsConfig, stack: string): string =>
  config.mirror ?? `https://${bucketName(config, stack)}.s3.${config.region}.amazonaws.com`;

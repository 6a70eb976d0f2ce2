import { HostError } from "./system";

export interface S3Login {
  accessKey: string;
  secretKey: string;
}

/** Reads the secret `s3-login`: `access key:secret key`. All behind the first colon is the secret key. */
export function s3Login(text: string): S3Login {
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1)
    throw new HostError(
      "the secret s3-login is not `access key:secret key`: set it anew; see docs/backups.md",
    );
  return { accessKey: text.slice(0, colon), secretKey: text.slice(colon + 1) };
}

/** What stores and their clients say, and what to do about it. */
const FAULTS: [said: RegExp, remedy: string][] = [
  [
    /NoSuchBucket|bucket does not exist/i,
    "there is no such bucket: make it, or correct the address in the stack file",
  ],
  [
    /InvalidAccessKeyId|SignatureDoesNotMatch|access key ID you provided does not exist|request signature/i,
    "the store does not know this key: correct the secret s3-login (access key:secret key), then pulumi up",
  ],
  // An answer to HEAD has no words, so clients say the same of a wrong key.
  [
    /AccessDenied|Access Denied|\b403\b/i,
    "correct the secret s3-login (access key:secret key), or let this key list, read, write and delete in the bucket",
  ],
];

/** The same with what to do about it, where that is known. */
export function withRemedy(said: string): string {
  const remedy = FAULTS.find(([pattern]) => pattern.test(said))?.[1];
  return remedy === undefined ? said : `${said}\n  remedy: ${remedy}`;
}

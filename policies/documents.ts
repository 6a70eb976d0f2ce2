import { gunzipSync } from "node:zlib";
import type { HostDocument } from "../cloud-init/document";
import type { Resource, Stack } from "./resource";
import { textOf } from "./value";

/** A host document, and the resource that brings it to its host. */
export interface Brought {
  document: HostDocument;
  by: Resource;
  /** Under which it lies, where machines fetch it by its hash. */
  sha256?: string;
}

/** gzip in base64, as documents travel. */
const PACKED = /H4sI[A-Za-z0-9+/]{40,}={0,2}/g;

/** The document in a text that carries one packed: standard input, user data, a shell script. */
export function documentIn(text: string): HostDocument | undefined {
  for (const [packed] of text.matchAll(PACKED)) {
    const document = parsed(unpacked(packed));
    if (document) return document;
  }
  return undefined;
}

/** Every text that is packed into another: scripts, rules, documents. */
export const unpackedIn = (text: string): string[] =>
  [...text.matchAll(PACKED)].flatMap(([packed]) => unpacked(packed) ?? []);

function unpacked(packed: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(packed, "base64")).toString();
  } catch {
    // It only looked like one.
    return undefined;
  }
}

function parsed(text: string | undefined): HostDocument | undefined {
  if (!text?.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(text) as Partial<HostDocument>;
    const isDocument = typeof value.host === "string" && typeof value.role === "string" && "units" in value;
    return isDocument ? (value as HostDocument) : undefined;
  } catch {
    return undefined;
  }
}

const OBJECTS = [
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "gcp:storage/bucketObject:BucketObject",
  "digitalocean:index/spacesBucketObject:SpacesBucketObject",
];

/** Every host document that a stack's resources carry, but for those in user data. */
export function documentsOf(stack: Stack): Brought[] {
  const sent = stack.of("command:remote:Command").flatMap((by): Brought[] => {
    const stdin = textOf(by.props.stdin);
    const document = stdin === undefined ? undefined : documentIn(stdin);
    return document ? [{ document, by }] : [];
  });
  const stored = stack.of(...OBJECTS).flatMap((by): Brought[] => {
    const document = parsed(textOf(by.props.content) ?? textOf(by.props.source));
    const sha256 = textOf(by.props.key) ?? textOf(by.props.name);
    return document && sha256 !== undefined ? [{ document, by, sha256 }] : [];
  });
  return [...sent, ...stored];
}

/** The document of machines that are born with this user data: in it, or fetched by the hash that it names. */
export function bornWith(userData: string, brought: readonly Brought[]): Brought["document"] | undefined {
  const named = brought.find(({ sha256 }) => sha256 !== undefined && userData.includes(sha256));
  return documentIn(userData) ?? named?.document;
}

/** The document that is sent to a machine: by a command that lies in the machine's own component. */
export function sentTo(machine: Resource, stack: Stack, brought: readonly Brought[]): Brought | undefined {
  const { parent } = machine;
  if (parent === undefined || parent.includes("pulumi:pulumi:Stack::")) return undefined;
  return brought.find(({ by, sha256 }) => sha256 === undefined && stack.ancestors(by).includes(parent));
}

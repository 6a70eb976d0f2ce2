import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { HostError } from "../system";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const publishedSchema = z.object({
  chainId: hash,
  block: z.number(),
  blockId: hash,
  /** Of the block. */
  time: z.iso.datetime(),
  version: z.number(),
  /** Of the snapshot as nodeos reads it. */
  sha256: hash,
  bytes: z.number(),
  /** The snapshot packed with gzip, which needs no package, and cut; each part lies on the mirror under its hash. */
  parts: z.array(z.object({ sha256: hash, bytes: z.number() })).min(1),
});

const manifestSchema = z.object({
  schema: z.literal(1),
  network: z.string(),
  /** Newest first. */
  snapshots: z.array(publishedSchema),
});

const signedSchema = z.object({ manifest: z.string(), signature: z.string() });

export type Published = z.infer<typeof publishedSchema>;
export type Manifest = z.infer<typeof manifestSchema>;

/** Name of a chain's manifest on a mirror, beside the parts that it names. */
export const manifestName = (network: string): string => `snapshots-${network}.json`;

/** The manifest with an ed25519 signature over its very bytes. `key`: PKCS #8, PEM or DER in base64. */
export function signed(manifest: Manifest, key: string): string {
  const text = JSON.stringify(manifest);
  const signature = sign(null, Buffer.from(text), privateKey(key)).toString("base64");
  return `${JSON.stringify({ manifest: text, signature }, null, 1)}\n`;
}

/** Throws HostError unless the key signed it and it is of that network. `key`: SPKI in DER or its 32 bytes, in base64. */
export function verified(text: string, key: string, network: string): Manifest {
  const envelope = signedSchema.safeParse(parse(text));
  if (!envelope.success) throw new HostError("the manifest of published snapshots is no such file");
  const { manifest, signature } = envelope.data;
  if (!verify(null, Buffer.from(manifest), publicKey(key), Buffer.from(signature, "base64")))
    throw new HostError(
      "the manifest of published snapshots is not signed by the key in the stack file (snapshots.key): nothing of it was used",
    );
  const found = manifestSchema.safeParse(parse(manifest));
  if (!found.success)
    throw new HostError("the manifest of published snapshots is of another shape than this agent knows");
  if (found.data.network !== network)
    throw new HostError(`the manifest is of ${found.data.network}, not of ${network}`);
  return found.data;
}

/** Public half, SPKI in DER, in base64: as the stack file has it. */
export const publicHalf = (key: string): string =>
  createPublicKey(privateKey(key)).export({ type: "spki", format: "der" }).toString("base64");

function privateKey(text: string): KeyObject {
  try {
    const key = text.includes("-----")
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text, "base64"), format: "der", type: "pkcs8" });
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Its reason may show a part of the key.
  }
  throw new HostError(
    "the secret snapshot-key is no ed25519 private key (openssl genpkey -algorithm ed25519)",
  );
}

/** What precedes the 32 bytes of an ed25519 key in SPKI form (RFC 8410). */
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

function publicKey(text: string): KeyObject {
  const raw = Buffer.from(text, "base64");
  return createPublicKey({
    key: raw.length === 32 ? Buffer.concat([SPKI_HEAD, raw]) : raw,
    format: "der",
    type: "spki",
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

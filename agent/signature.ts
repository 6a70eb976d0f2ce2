import { createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Signature } from "../cloud-init/document";
import { HostError, type System } from "./system";

/** What precedes the 32 bytes of an ed25519 key in SPKI form (RFC 8410). */
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");
const RAW_BYTES = 32;

/** Throws HostError unless the key that the release lock names signed exactly these bytes. */
export async function mustBeSigned(
  system: System,
  path: string,
  name: string,
  { key, value }: Signature,
): Promise<void> {
  // ed25519 signs the whole message at once: the file is held in memory, at most some hundred MB.
  const bytes = await readFile(system.path(path));
  if (isSigned(bytes, key, value)) return;
  throw new HostError(
    `${name}: its signature in the release lock does not fit the file and the key there; ask whoever built it for the right signature, or pin a build that you trust`,
  );
}

/** Both in base64; the key as SPKI, or its 32 bytes alone. */
export function isSigned(bytes: Buffer, key: string, value: string): boolean {
  const raw = Buffer.from(key, "base64");
  const der = raw.length === RAW_BYTES ? Buffer.concat([SPKI_HEAD, raw]) : raw;
  try {
    const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
    return (
      publicKey.asymmetricKeyType === "ed25519" &&
      verify(null, bytes, publicKey, Buffer.from(value, "base64"))
    );
  } catch {
    return false;
  }
}

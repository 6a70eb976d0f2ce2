import { createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isSigned } from "../../../agent/signature";
import { UserError } from "../../../components/core/config/finding";

export interface GivenSignature {
  /** The signature in base64, or a file that has it (raw or base64). */
  signature?: string | undefined;
  /** The public key in base64, or a file that has it (PEM, raw or base64). */
  key?: string | undefined;
}

const SIGNATURE_BYTES = 64;
const KEY_BYTES = [32, 44];

/** What the lock shall say of a file's signature, checked over its bytes; undefined where none is given. Throws a `UserError`. */
export function checkedSignature(
  file: string,
  { signature, key }: GivenSignature,
): { key: string; value: string } | undefined {
  if (signature === undefined && key === undefined) return undefined;
  if (signature === undefined || key === undefined)
    throw new UserError("--signature and --key belong together: give both");
  const value = bytesOf(signature);
  if (value.length !== SIGNATURE_BYTES)
    throw new UserError(
      `--signature: is no ed25519 signature: it has ${value.length} bytes, not ${SIGNATURE_BYTES}`,
    );
  const publicKey = keyOf(key);
  const words = { key: publicKey.toString("base64"), value: value.toString("base64") };
  if (isSigned(readFileSync(file), words.key, words.value)) return words;
  throw new UserError(
    "the signature does not fit the file and the key: the file is not what its makers signed. Nothing was recorded",
  );
}

function keyOf(given: string): Buffer {
  const text = existsSync(given) ? readFileSync(given, "utf8") : "";
  if (text.includes("-----BEGIN PUBLIC KEY-----")) {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType !== "ed25519")
      throw new UserError(`--key: is a key of ${key.asymmetricKeyType}, not of ed25519`);
    return key.export({ format: "der", type: "spki" });
  }
  const bytes = bytesOf(given);
  if (KEY_BYTES.includes(bytes.length)) return bytes;
  throw new UserError(
    `--key: is no ed25519 public key: it has ${bytes.length} bytes, not 32 (or 44 as SPKI)`,
  );
}

/** A file's content, raw or in base64; else the words themselves, in base64. */
function bytesOf(given: string): Buffer {
  if (!existsSync(given)) return Buffer.from(given, "base64");
  const bytes = readFileSync(given);
  const text = bytes.toString("latin1").trim();
  return /^[\w+/\s]{40,}={0,2}$/.test(text) ? Buffer.from(text, "base64") : bytes;
}

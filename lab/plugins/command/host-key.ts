import { createHash } from "node:crypto";
import { type ServerHostKeyAlgorithm, utils } from "ssh2";

/** A host key that is the only one to be accepted. */
interface PinnedKey {
  readonly blob: Buffer;
  /** What may be negotiated: the host must show this kind of key, not another that it also has. */
  readonly algorithms: ServerHostKeyAlgorithm[];
}

const ALGORITHMS: Readonly<Record<string, ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** Reads a public key as it stands in a `.pub` file. */
export function pinnedKey(hostKey: string): PinnedKey {
  const parsed = utils.parseKey(hostKey.trim());
  const algorithms = parsed instanceof Error ? undefined : ALGORITHMS[parsed.type];
  if (parsed instanceof Error || !algorithms) {
    throw new Error(
      'connection.hostKey is not a public key such as "ssh-ed25519 AAAA…" (the line of the host\'s .pub file)',
    );
  }
  return { blob: parsed.getPublicSSH(), algorithms };
}

/** The fingerprint as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

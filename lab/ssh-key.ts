import ssh2 from "ssh2";

/** A pair in OpenSSH's own format: `private` with its header lines, `public` as a line of `authorized_keys`. */
export interface SshKeyPair {
  private: string;
  public: string;
}

type Generate = (type: "ed25519", options: { comment?: string }) => SshKeyPair;

/**
 * A new ed25519 pair. ssh2 1.17 drops a leading zero byte of the public half, so that one key in some 300 can be read by
 * nobody: a host with such a key has no sshd. What cannot be read back is thrown away.
 */
export function sshKeyPair(
  comment?: string,
  generate: Generate = ssh2.utils.generateKeyPairSync,
): SshKeyPair {
  for (;;) {
    const pair = generate("ed25519", comment === undefined ? {} : { comment });
    const read = [pair.private, pair.public].map((key) => ssh2.utils.parseKey(key));
    if (!read.some((key) => key instanceof Error)) return { private: pair.private, public: pair.public };
  }
}

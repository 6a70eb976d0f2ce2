import { createHash } from "node:crypto";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { nextNumber, refuse } from "./api";
import { TOKENS } from "./tokens";

const PUBLIC_KEY =
  /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/=]+(?:\s.*)?$/;

/** `digitalocean:index/sshKey:SshKey`. */
export const sshKey: CloudType = {
  token: TOKENS.sshKey,
  // digitalocean/sshkey/resource_ssh_key.go of the Terraform provider.
  forceNew: ["publicKey"],
  name: { property: "name", pattern: /^.+$/, max: 255, unique: false },
  check: (inputs) => {
    const key = textOf(inputs.publicKey)?.trim();
    return problem(
      key !== undefined && !PUBLIC_KEY.test(key),
      "publicKey",
      "Key invalid, key should be of the format `type key [comment]`",
    );
  },
  create: (inputs, world) => {
    if (!world.findBy(TOKENS.sshKey, "fingerprint", fingerprint(inputs.publicKey))) return;
    refuse("creating SSH Key", 422, "SSH Key is already in use on your account");
  },
  id: (_inputs, world) => nextNumber(world),
  outputs: (_id, inputs) => ({ fingerprint: fingerprint(inputs.publicKey) }),
  computed: ["fingerprint"],
};

/** Whether a droplet may name this key: by its number or its fingerprint. */
export function isKnownKey(world: World, key: string): boolean {
  return (
    world.get(TOKENS.sshKey, key) !== undefined ||
    world.findBy(TOKENS.sshKey, "fingerprint", key) !== undefined
  );
}

/** MD5 as the API shows it: sixteen pairs of hex digits. */
function fingerprint(key: unknown): string {
  const body = Buffer.from(textOf(key)?.trim().split(/\s+/)[1] ?? "", "base64");
  const pairs = createHash("md5").update(body).digest("hex").match(/../g) ?? [];
  return pairs.join(":");
}

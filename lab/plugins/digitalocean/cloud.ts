import { version } from "@pulumi/digitalocean/package.json";
import type { Cloud } from "../cloud/cloud-type";
import { textOf } from "../cloud/known";
import type { Properties } from "../value";
import { dnsRecord, domain } from "./dns";
import { droplet } from "./droplet";
import { dropletAutoscale } from "./droplet-autoscale";
import { firewall } from "./firewall";
import { getImage } from "./image";
import { loadBalancer } from "./load-balancer";
import { project } from "./project";
import { reservedIp, reservedIpAssignment } from "./reserved-ip";
import { spacesBucket, spacesBucketObject } from "./spaces";
import { sshKey } from "./ssh-key";
import { tag } from "./tag";
import { TOKENS } from "./tokens";
import { volume, volumeAttachment } from "./volume";
import { vpc } from "./vpc";

/** The simulated DigitalOcean. */
export const digitalOcean: Cloud = {
  name: "digitalocean",
  version,
  types: [
    ...[vpc, sshKey, tag, droplet, dropletAutoscale, volume, volumeAttachment, firewall, loadBalancer],
    ...[reservedIp, reservedIpAssignment, domain, dnsRecord, spacesBucket, spacesBucketObject, project],
  ],
  functions: { "digitalocean:index/getImage:getImage": getImage },
  refuseConfig: (config, environment) => {
    const token =
      textOf(config.token) || environment.DIGITALOCEAN_TOKEN || environment.DIGITALOCEAN_ACCESS_TOKEN;
    return token ? [] : ["401 Unable to authenticate you: set DIGITALOCEAN_TOKEN, or digitalocean:token"];
  },
  quotaExceeded: (token, limit) => {
    if (token === TOKENS.droplet) {
      return "Error creating droplet: 422 creating this/these droplet(s) will exceed your droplet limit";
    }
    if (token === TOKENS.volume)
      return "Error creating Volume: 403 failed to create volume: volume limit exceeded";
    return `Error creating ${token.split(":").at(-1)}: 422 you have reached the limit of ${limit} for your account`;
  },
  settings: (config, environment) => ({ hasSpacesKeys: hasSpacesKeys(config, environment) }),
};

function hasSpacesKeys(config: Properties, environment: NodeJS.ProcessEnv): boolean {
  const id = textOf(config.spacesAccessId) || environment.SPACES_ACCESS_KEY_ID;
  const secret = textOf(config.spacesSecretKey) || environment.SPACES_SECRET_ACCESS_KEY;
  return Boolean(id && secret);
}

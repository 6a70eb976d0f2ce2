import { type Rule, violation } from "../rule";

/** Clouds whose machines are open to everybody until a firewall is laid around them. */
const OPEN_BY_ITSELF = ["digitalocean"];

export const firewallMissing: Rule = {
  id: "firewall-missing",
  level: "mandatory",
  title: "every machine of a cloud that leaves machines open has a firewall of the cloud",
  reason: "one layer is one mistake away from none, and the host's own is not up in its first seconds",
  remedy: "give the machine the tag of its group's firewall, or a firewall that names it",
  check: ({ machines }) =>
    machines
      .filter(({ cloud, hasCloudFirewall }) => OPEN_BY_ITSELF.includes(cloud) && !hasCloudFirewall)
      .map(({ resource, host }) => violation(resource, `no firewall of the cloud covers ${host}`)),
};

import {
  addressOf,
  bytesOf,
  clusterName,
  error,
  type Finding,
  gatewayOf,
  type HostPlan,
  knownAddress,
  machineName,
  plannedAddress,
  type Subnet,
  secretName,
  warning,
} from "nodewright";

const NETWORK: Subnet = { ipv4: "10.40.0.0/16", ipv6: "fd00:40::/64" };

/** Names and addresses of a host, from its own name alone: they stay when others come or go. */
export const placed = (stack: string, host: string) => ({
  machine: machineName(stack, host),
  clusterName: clusterName(stack, host),
  address: knownAddress(addressOf(NETWORK, host)).ipv4,
  gateway: gatewayOf(NETWORK).ipv4,
  signingKey: secretName(host, "signing-key"),
});

/** What a target may say of a host, at the path that its operator wrote. */
export function judged({
  name,
  hardware,
  addresses,
}: Pick<HostPlan, "name" | "hardware" | "addresses">): Finding[] {
  const path = `hosts.${name}.disk`;
  const room = bytesOf(hardware.disk);
  if (room > bytesOf("16 TB")) return [error(path, "no volume here is larger than 16 TB")];
  const isAssigned = plannedAddress(addresses.cluster) === undefined;
  return isAssigned ? [warning(`hosts.${name}`, "its address is known once it is made")] : [];
}

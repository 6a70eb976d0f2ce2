import { BlockList, isIPv6 } from "node:net";
import type { ContainerInfo, NetworkInspectInfo } from "dockerode";

/** Names of the networks that hold an address of one of these subnets. */
export function overlappingNetworks(
  subnets: readonly string[],
  networks: readonly Pick<NetworkInspectInfo, "Name" | "IPAM">[],
): string[] {
  return networks
    .filter((network) => {
      const held = (network.IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []);
      return held.some((other) => subnets.some((subnet) => overlap(subnet, other)));
    })
    .map((network) => network.Name);
}

/** Two networks overlap exactly when one of them contains the other's first address. */
function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

function contains(outer: string, inner: string): boolean {
  const [address = "", prefix = ""] = outer.split("/");
  const [first = ""] = inner.split("/");
  if (isIPv6(address) !== isIPv6(first)) return false;
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const block = new BlockList();
  block.addSubnet(address, Number(prefix), family);
  return block.check(first, family);
}

/** A port of the machine that a container publishes. */
interface PublishedPort {
  readonly external: number;
  readonly protocol?: string | undefined;
}

/** Says for each wanted port that another container publishes which one that is: `8080/tcp by web`. */
export function takenPorts(
  ports: readonly PublishedPort[],
  containers: readonly Pick<ContainerInfo, "Names" | "Ports">[],
): string[] {
  return ports.flatMap(({ external, protocol = "tcp" }) => {
    const holders = containers.filter((container) =>
      container.Ports.some((port) => port.PublicPort === external && port.Type === protocol),
    );
    const names = holders.map((container) => container.Names[0]?.replace(/^\//, "") ?? "?");
    return names.length > 0 ? [`${external}/${protocol} by ${names.join(", ")}`] : [];
  });
}

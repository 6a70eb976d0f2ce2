import { addressOf } from "../../core/network/address";

/** addressOf counts in both families; this network has IPv4 alone. */
const NO_IPV6 = "fd00::/64";

/**
 * The network's two halves. Hosts have addresses by their names, members of pools those that the cloud draws: in one
 * subnet a member could hold the address of a host that joins later.
 */
export function subnetsOf(network: string): { hosts: string; pools: string } {
  const [base = "", length] = network.split("/");
  const bits = Number(length) + 1;
  const bytes = base.split(".").map(Number);
  const index = Math.floor((bits - 1) / 8);
  const upper = bytes.map((byte, at) => (at === index ? byte + 2 ** (7 - ((bits - 1) % 8)) : byte));
  return { hosts: `${base}/${bits}`, pools: `${upper.join(".")}/${bits}` };
}

/** A host's fixed address, from its name alone. */
export const hostAddress = (network: string, host: string): string =>
  addressOf({ ipv4: subnetsOf(network).hosts, ipv6: NO_IPV6 }, host).ipv4;

/** Compute Engine keeps the last address but one of every subnet for itself (docs: vpc/docs/subnets). */
export function isReserved(network: string, address: string): boolean {
  const number = (text: string) => text.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const [upperHalf = ""] = subnetsOf(network).pools.split("/");
  return number(address) === number(upperHalf) - 2;
}

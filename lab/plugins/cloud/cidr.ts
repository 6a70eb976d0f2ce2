import { isIPv4 } from "node:net";
import { overlaps, parseCidr } from "../../../components/core/network/address";

export { overlaps };

/** The prefix length of a CIDR, or undefined when it is none or has host bits set. */
export function prefixOf(cidr: string): number | undefined {
  return parseCidr(cidr)?.bits;
}

/** Whether all of `inner` lies in `outer`. */
export function contains(outer: string, inner: string): boolean {
  const [prefix, within] = [prefixOf(outer), prefixOf(inner)];
  return prefix !== undefined && within !== undefined && prefix <= within && overlaps(outer, inner);
}

export function containsAddress(cidr: string, address: string): boolean {
  return contains(cidr, `${address}/${isIPv4(address) ? 32 : 128}`);
}

/** The address `offset` places after the first of an IPv4 network: `10.0.0.0/24` and 4 give `10.0.0.4`. */
export function addressIn(cidr: string, offset: number): string | undefined {
  const network = parseCidr(cidr);
  if (network?.family !== 4 || BigInt(offset) >= 2n ** BigInt(32 - network.bits)) return undefined;
  const value = network.base + BigInt(offset);
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
}

/** How many addresses an IPv4 network has. */
export function sizeOf(cidr: string): number {
  return 2 ** (32 - (prefixOf(cidr) ?? 32));
}

/** The first free address of an IPv4 network, past `reservedFirst` at its start and one at its end. */
export function freeAddress(
  cidr: string,
  taken: ReadonlySet<string>,
  reservedFirst: number,
): string | undefined {
  for (let offset = reservedFirst; offset < sizeOf(cidr) - 1; offset += 1) {
    const address = addressIn(cidr, offset);
    if (address !== undefined && !taken.has(address)) return address;
  }
  return undefined;
}

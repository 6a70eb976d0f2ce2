import { createHash } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";

/** The addresses of one host on one network. */
export interface Address {
  ipv4: string;
  /** Absent where the network has no IPv6. */
  ipv6?: string;
}

/** Both families. */
export type DualAddress = Required<Address>;

/** The two address ranges of one network. */
export interface Subnet {
  ipv4: string;
  ipv6: string;
}

interface Cidr {
  base: bigint;
  bits: number;
  family: 4 | 6;
}

const bytes = (family: 4 | 6) => (family === 4 ? 4 : 16);

/** Reads `10.77.0.0/16` or `fd77::/64`. Undefined when it is no CIDR, or has host bits set. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", length, ...rest] = text.split("/");
  if (rest.length > 0 || length === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === undefined || Number(length) > bytes(family) * 8) return undefined;
  const base = family === 4 ? parseIPv4(address) : parseIPv6(address);
  const hostBits = BigInt(bytes(family) * 8 - Number(length));
  if ((base >> hostBits) << hostBits !== base) return undefined;
  return { base, bits: Number(length), family };
}

/** Whether two CIDRs share an address. Different families never do. */
export function overlaps(left: string, right: string): boolean {
  const [a, b] = [parseCidr(left), parseCidr(right)];
  if (!a || !b || a.family !== b.family) return false;
  const shift = BigInt(bytes(a.family) * 8 - Math.min(a.bits, b.bits));
  return a.base >> shift === b.base >> shift;
}

/** The same addresses in as few networks: one that lies in another is left out. The order stays. */
export const distinct = (cidrs: readonly string[]): string[] =>
  cidrs.filter(
    (cidr, index) =>
      !cidrs.some(
        (other, place) =>
          overlaps(other, cidr) &&
          (bitsOf(other) < bitsOf(cidr) || (bitsOf(other) === bitsOf(cidr) && place < index)),
      ),
  );

const bitsOf = (cidr: string): number => parseCidr(cidr)?.bits ?? 0;

/** The first address of a network, which Docker gives to its bridge: the machine's own end. */
export const gatewayOf = (subnet: Subnet): DualAddress => addressAt(subnet, 1n);

/**
 * A host's address, from its name alone: a host that joins or leaves never moves another one, because a changed
 * address would replace a machine. Two names can meet on one number; a plan check says so.
 */
export function addressOf(subnet: Subnet, name: string): DualAddress {
  const size = 2n ** BigInt(32 - (parseCidr(subnet.ipv4)?.bits ?? 24));
  const first = 10n;
  const hash = createHash("sha256").update(name).digest().readBigUInt64BE();
  return addressAt(subnet, first + (hash % (size - first - 1n)));
}

function addressAt(subnet: Subnet, offset: bigint): DualAddress {
  const [v4, v6] = [parseCidr(subnet.ipv4), parseCidr(subnet.ipv6)];
  if (!v4 || !v6) throw new RangeError(`${subnet.ipv4} and ${subnet.ipv6} must be CIDRs`);
  return { ipv4: printIPv4(v4.base + offset), ipv6: printIPv6(v6.base + offset) };
}

const parseIPv4 = (text: string) => text.split(".").reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
const printIPv4 = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");

function parseIPv6(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const [left, right] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** Canonical text (RFC 5952), by the platform's own URL parser. */
function printIPv6(value: bigint): string {
  const groups = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((index) =>
    ((value >> (index * 16n)) & 0xffffn).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

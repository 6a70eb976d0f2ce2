import { overlaps, parseCidr } from "../components/core/network/address";

export const ANYONE = ["0.0.0.0/0", "::/0"] as const;

/** Addresses that nobody can be reached at from the internet (RFC 1918, 6598, 3927, 1122; RFC 4193, 4291). */
const PRIVATE = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"],
  ...["fc00::/7", "fe80::/10", "::1/128"],
];

/** From where Google's front ends speak to machines (cloud.google.com/load-balancing/docs/https, "Firewall rules"). */
export const FRONT_ENDS = ["35.191.0.0/16", "130.211.0.0/22"] as const;
/** From where Google asks machines for their health (cloud.google.com/load-balancing/docs/health-check-concepts). */
const PROBES = [...FRONT_ENDS, "209.85.152.0/22", "209.85.204.0/22"];

/** Whether all of a network lies in one of the others. A text that is no network lies in none. */
export function within(cidr: string, others: readonly string[]): boolean {
  const bits = parseCidr(cidr)?.bits;
  return (
    bits !== undefined &&
    others.some(
      (other) => (parseCidr(other)?.bits ?? Number.POSITIVE_INFINITY) <= bits && overlaps(other, cidr),
    )
  );
}

export const isPrivate = (cidr: string): boolean => within(cidr, PRIVATE);
export const isProbe = (cidr: string): boolean => within(cidr, PROBES);

/** Most public addresses that one operator's networks may have: 2^16 of IPv4, a /32 of IPv6. */
const MOST_IPV4_BITS = 16;
const LEAST_IPV6_LENGTH = 32;

/**
 * Whether networks together are as good as the internet: more public addresses than an operator has. Counted over all of
 * them, so that `0.0.0.0/1` and `128.0.0.0/1` are found out. What cannot be read counts: nobody knows whom it lets in.
 */
export function isInternet(cidrs: readonly string[]): boolean {
  const open = cidrs.filter((cidr) => !isPrivate(cidr) && !isProbe(cidr)).map(parseCidr);
  if (open.some((cidr) => cidr === undefined)) return true;
  const known = open.filter((cidr) => cidr !== undefined);
  const ipv4 = known
    .filter(({ family }) => family === 4)
    .reduce((sum, { bits }) => sum + 2 ** (32 - bits), 0);
  return (
    ipv4 > 2 ** MOST_IPV4_BITS || known.some(({ family, bits }) => family === 6 && bits < LEAST_IPV6_LENGTH)
  );
}

export const isIpv6 = (cidr: string): boolean => cidr.includes(":");

/** Whether an address or a name, without a length, can be reached from the internet. A name counts as one that can. */
export const isPublicAddress = (address: string): boolean =>
  !isPrivate(address.includes(":") ? `${address}/128` : `${address}/32`);

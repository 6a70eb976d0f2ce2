import { parseCidr } from "../../core/network/address";
import type { AwsConfig } from "./config";

/** What one availability zone has of the stack's network. */
export interface ZoneNetwork {
  /** `eu-central-1a` */
  zone: string;
  public: SubnetPlan;
  private: SubnetPlan;
  /** The NAT gateway's own address, in front of the hosts'. */
  nat: string;
}

export interface SubnetPlan {
  /** A /20: 4,091 addresses. */
  ipv4: string;
  /** Upper half of it, whose addresses AWS gives to nobody by itself: hosts have theirs from it, by their names. */
  hosts: string;
  /** Lower half of it, where Amazon puts what it makes by itself: in a public subnet balancers, and nothing else. */
  balancers: string;
  /** Which /64 of the VPC's IPv6 block it has. */
  ipv6Number: number;
}

const SUBNET_BITS = 20;
const addresses = (bits: number) => 1n << BigInt(32 - bits);
const text = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");

/** Names of the zones: `eu-central-1a` from `a`. */
export const zoneNames = ({ region, zones }: AwsConfig): string[] =>
  zones.map((zone) => `${region}${zone.at(-1)}`);

/** Each zone's subnets. A zone's depend on its place in the list alone: one that is added at the end moves no other. */
export function zoneNetworks(config: AwsConfig): ZoneNetwork[] {
  const base = parseCidr(config.network)?.base ?? 0n;
  const subnet = (number: number): SubnetPlan => {
    const start = base + BigInt(number) * addresses(SUBNET_BITS);
    return {
      ipv4: `${text(start)}/${SUBNET_BITS}`,
      hosts: `${text(start + addresses(SUBNET_BITS + 1))}/${SUBNET_BITS + 1}`,
      balancers: `${text(start)}/${SUBNET_BITS + 1}`,
      ipv6Number: number,
    };
  };
  return zoneNames(config).map((zone, index) => ({
    zone,
    public: subnet(2 * index),
    private: subnet(2 * index + 1),
    nat: text(base + BigInt(2 * index) * addresses(SUBNET_BITS) + addresses(SUBNET_BITS + 1) + 5n),
  }));
}

/** One /64 of the /56 that Amazon gives a VPC, `2600:1f18:12ab:3400::/56`. Throws a `RangeError` for anything else. */
export function ipv6Subnet(block: string, number: number): string {
  const [head, length, ...rest] = block.split("::/");
  const groups = (head ?? "").split(":").map((group) => Number.parseInt(group, 16));
  if (length !== "56" || rest.length > 0 || groups.length > 4 || groups.some(Number.isNaN) || number > 255)
    throw new RangeError(`${block} is no /56 with room for subnet ${number}`);
  const [a = 0, b = 0, c = 0, d = 0] = groups;
  return `${[a, b, c, d + number].map((group) => group.toString(16)).join(":")}::/64`;
}

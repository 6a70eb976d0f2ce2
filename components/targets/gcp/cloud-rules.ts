import type { FirewallRule } from "../../core/network/firewall";
import type { HostPlan } from "../../core/plan/plan";

/** One VPC firewall rule, as the API wants it: one family of addresses each. */
export interface CloudRule {
  /** Unique on its host: the listener, and the family where it is IPv6. */
  name: string;
  /** `58` is ICMP for IPv6, for which the API has no name. */
  protocol: "tcp" | "udp" | "icmp" | "58";
  port?: number;
  sourceRanges: string[];
}

const ANYONE = { ipv4: "0.0.0.0/0", ipv6: "::/0" } as const;
const IPV6 = "-ipv6";

/** Echo and errors. The VPC cannot tell types of ICMP apart: nftables on the host takes those that it needs. */
const ICMP: readonly CloudRule[] = [
  { name: "icmp", protocol: "icmp", sourceRanges: [ANYONE.ipv4] },
  { name: `icmp${IPV6}`, protocol: "58", sourceRanges: [ANYONE.ipv6] },
];

/** What the VPC lets in to a host: the same entries that its nftables has, split by family. All the rest is denied. */
export const cloudRules = ({ firewall }: Pick<HostPlan, "firewall">): CloudRule[] => [
  ...firewall.flatMap(({ name, protocol, port, from }) => {
    const ranges = from === "anyone" ? [ANYONE.ipv4, ANYONE.ipv6] : from;
    const [v4, v6] = [ranges.filter((cidr) => !isIpv6(cidr)), ranges.filter(isIpv6)];
    return [
      ...(v4.length > 0 ? [{ name, protocol, port, sourceRanges: v4 }] : []),
      ...(v6.length > 0 ? [{ name: `${name}${IPV6}`, protocol, port, sourceRanges: v6 }] : []),
    ];
  }),
  ...ICMP,
];

/** The inverse: the allow list that rendered rules amount to. ICMP, which every host takes, is no entry of it. */
export function admits(rules: readonly CloudRule[]): FirewallRule[] {
  const merged = new Map<string, FirewallRule & { from: string[] }>();
  for (const { name, protocol, port, sourceRanges } of rules) {
    if (port === undefined || (protocol !== "tcp" && protocol !== "udp")) continue;
    const listener = sourceRanges.some(isIpv6) ? name.slice(0, -IPV6.length) : name;
    const key = `${listener}/${protocol}/${port}`;
    const before = merged.get(key)?.from ?? [];
    merged.set(key, { name: listener, protocol, port, from: [...before, ...sourceRanges] });
  }
  return [...merged.values()].map((rule) =>
    Object.values(ANYONE).every((range) => rule.from.includes(range)) ? { ...rule, from: "anyone" } : rule,
  );
}

const isIpv6 = (cidr: string): boolean => cidr.includes(":");

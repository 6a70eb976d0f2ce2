import type { FirewallRule } from "../../core/network/firewall";
import type { HostPlan } from "../../core/plan/plan";

/** One ingress rule of a security group: one protocol, one port, one network. */
export interface IngressRule {
  /** Unique in its group, and the same as long as the rule is: `ssh-203.0.113.7-32`. */
  key: string;
  /** The listener that it opens. */
  description: string;
  ipProtocol: "tcp" | "udp" | "icmp" | "icmpv6";
  /** For ICMP its type. */
  fromPort: number;
  /** For ICMP -1: every code. */
  toPort: number;
  cidrIpv4?: string;
  cidrIpv6?: string;
}

const ANYONE = ["0.0.0.0/0", "::/0"];

/** The host's own allow list as a security group: one to one with what nftables gets. */
export const cloudRules = ({ firewall }: Pick<HostPlan, "firewall">): IngressRule[] =>
  firewall.flatMap(({ name, protocol, port, from }) =>
    [...new Set(from === "anyone" ? ANYONE : from)].map((cidr) => ({
      key: `${name}-${cidr.replaceAll(":", ".").replace("/", "-")}`,
      description: name,
      ipProtocol: protocol,
      fromPort: port,
      toPort: port,
      ...source(cidr),
    })),
  );

const source = (cidr: string) => (cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr });

/** What rules let in, in the plan's own words: the inverse of `cloudRules`. */
export function admits(rules: readonly IngressRule[]): FirewallRule[] {
  const admitted = new Map<string, FirewallRule & { from: string[] }>();
  for (const { description, ipProtocol, fromPort, cidrIpv4, cidrIpv6 } of rules) {
    if (ipProtocol === "icmp" || ipProtocol === "icmpv6") continue;
    const key = `${ipProtocol} ${fromPort}`;
    const rule = admitted.get(key) ?? { name: description, protocol: ipProtocol, port: fromPort, from: [] };
    const cidr = cidrIpv4 ?? cidrIpv6;
    admitted.set(key, { ...rule, from: cidr === undefined ? rule.from : [...rule.from, cidr] });
  }
  return [...admitted.values()].map((rule) => ({
    ...rule,
    from: ANYONE.every((cidr) => rule.from.includes(cidr)) ? "anyone" : rule.from,
  }));
}

/** Echo and the errors that path MTU discovery needs, as nftables admits them. Neighbour discovery needs no rule here. */
const ICMP_TYPES = { icmp: [8, 3, 11, 12], icmpv6: [128, 1, 2, 3, 4] } as const;

/** What every host admits, in a group that all share: AWS counts rules by group and machine. */
export const sharedRules: readonly IngressRule[] = (["icmp", "icmpv6"] as const).flatMap((ipProtocol) =>
  ICMP_TYPES[ipProtocol].map((type) => ({
    key: `${ipProtocol}-${type}`,
    description: ipProtocol,
    ipProtocol,
    fromPort: type,
    toPort: -1,
    ...source(ipProtocol === "icmp" ? "0.0.0.0/0" : "::/0"),
  })),
);

import type { FirewallRule } from "../../core/network/firewall";
import type { HostPlan } from "../../core/plan/plan";

const ANYONE = ["0.0.0.0/0", "::/0"];

/** As DigitalOcean takes it: no name, and a port as text. */
export interface InboundRule {
  protocol: "tcp" | "udp" | "icmp";
  portRange?: string;
  sourceAddresses: string[];
}

/** The host's allow list as the cloud firewall takes it, one rule for each. */
export const cloudRules = ({ firewall }: Pick<HostPlan, "firewall">): InboundRule[] => [
  ...firewall.map(({ protocol, port, from }) => ({
    protocol,
    portRange: String(port),
    sourceAddresses: from === "anyone" ? ANYONE : from,
  })),
  // Errors, echo and path MTU, as nftables has them; the cloud firewall knows ICMP as a whole only.
  { protocol: "icmp", sourceAddresses: ANYONE },
];

/** What a rendered firewall lets in. Names are lost on the way: DigitalOcean's rules have none. */
export const admits = (rules: readonly InboundRule[]): FirewallRule[] =>
  rules.flatMap(({ protocol, portRange, sourceAddresses }) =>
    protocol === "icmp"
      ? []
      : [
          {
            name: `${protocol} ${portRange}`,
            protocol,
            port: Number(portRange),
            from: ANYONE.every((all) => sourceAddresses.includes(all)) ? "anyone" : sourceAddresses,
          },
        ],
  );

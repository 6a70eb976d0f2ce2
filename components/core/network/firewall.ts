import { distinct } from "./address";
import type { Exposure, Listener } from "./listener";

/** One thing that is allowed in. Everything that no rule allows is dropped. */
export interface FirewallRule {
  /** The listener it opens. */
  name: string;
  protocol: "tcp" | "udp";
  port: number;
  /** CIDRs, IPv4 and IPv6 mixed, or anyone. Never empty. */
  from: "anyone" | string[];
  /** Connections that one IPv4 address, or one /64, may have at a time. Only the host holds it: no cloud's rules can. */
  perAddress?: number;
}

/** The CIDRs behind the exposures that are not the whole world. */
export interface Zones {
  cluster: string[];
  admin: string[];
  /** Where a balancer asks for health from. Empty where it stands in the cluster network, or there is none. */
  probes: string[];
  /** Who alone reaches what is public: balancers that end TLS before the host. Absent: anyone. */
  public?: string[];
}

/** The allow list for a host's listeners. Loopback ones need no rule; a zone without addresses opens nothing. */
export function planFirewall(listeners: readonly Listener[], zones: Zones): FirewallRule[] {
  const sources = (exposure: Exclude<Exposure, "loopback">): FirewallRule["from"] => {
    switch (exposure) {
      case "public":
        return zones.public ?? "anyone";
      case "cluster":
        return zones.cluster;
      case "admin":
        return zones.admin;
    }
  };
  return listeners.flatMap(({ name, protocol, port, exposure, probed, perAddress }): FirewallRule[] => {
    if (exposure === "loopback") return [];
    const known = sources(exposure);
    const from = known === "anyone" || !probed ? known : [...known, ...zones.probes];
    if (from === "anyone")
      return [{ name, protocol, port, from, ...(perAddress === undefined ? {} : { perAddress }) }];
    // nftables refuses a set of networks that overlap, and with it the whole firewall.
    return from.length === 0 ? [] : [{ name, protocol, port, from: distinct(from) }];
  });
}

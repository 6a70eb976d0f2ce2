/**
 * Who may reach a listener. `public`: anyone. `cluster`: hosts of the stack's private network. `admin`: the
 * operator's own addresses. `loopback`: programs on the same host.
 */
export type Exposure = "public" | "cluster" | "admin" | "loopback";

/** A port that a service of a host listens on. The one home of that fact: firewalls, checks and docs derive from it. */
export interface Listener {
  /** Unique on its host, and what people call it: `p2p`, `ship`, `http`. */
  name: string;
  port: number;
  protocol: "tcp" | "udp";
  exposure: Exposure;
  /** Whether a balancer in front of the host asks it for the host's health, by `GET /healthz`. */
  probed?: boolean;
  /**
   * Connections that one address outside, an IPv4 address or the /64 of an IPv6 one, may have at a time; held by the host
   * itself where the listener is public. Default as many as it likes.
   */
  perAddress?: number;
  /** Whether Prometheus asks it for `/metrics`, or the paths that it asks for, a job each. */
  scraped?: boolean | readonly string[];
}

/** The same listeners, with the exposures that a role gives them in place of their service's own. */
export const exposedAs = (
  listeners: readonly Listener[],
  exposures: Readonly<Record<string, Exposure>> = {},
): Listener[] =>
  listeners.map((listener) => ({ ...listener, exposure: exposures[listener.name] ?? listener.exposure }));

/** A TCP listener on one port. */
export const tcp = (name: string, port: number, exposure: Exposure): Listener => ({
  name,
  port,
  protocol: "tcp",
  exposure,
});

/** The address to bind for an exposure. `::` takes IPv4 too (Linux, `net.ipv6.bindv6only` 0, its default). */
export const bindAddress = (exposure: Exposure): string => (exposure === "loopback" ? "127.0.0.1" : "[::]");

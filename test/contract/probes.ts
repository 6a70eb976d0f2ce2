import { BlockList, isIPv6 } from "node:net";
import { parseCidr } from "../../components/core/network/address";
import type { FirewallRule } from "../../components/core/network/firewall";

/** The first packet of a connection, as it arrives at a host. */
export interface Probe {
  protocol: "tcp" | "udp";
  source: string;
  port: number;
}

/** Nobody's, of either family: outside every zone. */
const STRANGERS = ["192.0.2.77", "2001:db8:dead:beef::77"];
const PROTOCOLS = ["tcp", "udp"] as const;

/** Everything that is next to an edge: each protocol, each port and its neighbours, each network's ends and what lies beyond. */
export function probesFor(ports: readonly number[], cidrs: readonly string[]): Probe[] {
  const near = ports.flatMap((port) => [port - 1, port, port + 1]).filter((port) => port > 0 && port < 65536);
  const sources = [...new Set([...STRANGERS, ...cidrs.flatMap(edgesOf)])];
  return PROTOCOLS.flatMap((protocol) =>
    [...new Set(near)].flatMap((port) => sources.map((source) => ({ protocol, port, source }))),
  );
}

export const cidrsOf = (rules: readonly FirewallRule[]): string[] =>
  rules.flatMap(({ from }) => (from === "anyone" ? [] : from));

/** The first and the last address of a network, and those before and behind it. */
function edgesOf(cidr: string): string[] {
  const parsed = parseCidr(cidr);
  if (!parsed) throw new Error(`${cidr} is no network`);
  const { base, bits, family } = parsed;
  const width = family === 4 ? 32 : 128;
  const last = base + (1n << BigInt(width - bits)) - 1n;
  const isAddress = (value: bigint) => value >= 0n && value < 1n << BigInt(width);
  return [base - 1n, base, last, last + 1n].filter(isAddress).map((value) => addressText(value, family));
}

function addressText(value: bigint, family: 4 | 6): string {
  const [size, count] = family === 4 ? [8n, 4] : [16n, 8];
  const parts = Array.from({ length: count }, (_, index) => (value >> (size * BigInt(index))) % (1n << size));
  return parts
    .reverse()
    .map((part) => part.toString(family === 4 ? 10 : 16))
    .join(family === 4 ? "." : ":");
}

/** Whether an address is in one of the networks, by Node's own list and no code of ours. */
export function isWithin(address: string, cidrs: readonly string[]): boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", bits] = cidr.split("/");
    list.addSubnet(network, Number(bits), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

export const probeText = ({ protocol, source, port }: Probe): string => `${source} to ${protocol} ${port}`;

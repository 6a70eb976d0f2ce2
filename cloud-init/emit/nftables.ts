import type { FirewallRule } from "../../components/core/network/firewall";

/** libnftables' JSON (libnftables-json(5)), which `nft -j` loads as one transaction. */
export interface Ruleset {
  nftables: Record<string, unknown>[];
}

const FAMILY = "inet";
const TABLE = "nodewright";

/** Errors and echo; without them path MTU discovery breaks and large packets vanish. */
const ICMP = ["echo-request", "destination-unreachable", "time-exceeded", "parameter-problem"];
/** The same for IPv6, and neighbour discovery, without which IPv6 does not work at all (RFC 4890). */
const ICMPV6 = [
  ...["echo-request", "destination-unreachable", "packet-too-big", "time-exceeded", "parameter-problem"],
  ...["nd-neighbor-solicit", "nd-neighbor-advert", "nd-router-advert", "nd-redirect"],
];

const match = (left: unknown, right: unknown, op = "==") => ({ match: { op, left, right } });
const field = (protocol: string, name: string) => ({ payload: { protocol, field: name } });
const ACCEPT = { accept: null };
const DROP = { drop: null };
/** An IPv6 host has a whole /64 to call from. */
const SUBNET = "ffff:ffff:ffff:ffff::";
/** Addresses counted at a time. One that has no connection left is forgotten; where all places are taken nobody is refused. */
const COUNTED = 65_535;

const chain = (name: string, policy: "drop" | "accept") => ({
  add: { chain: { family: FAMILY, table: TABLE, name, type: "filter", hook: name, prio: 0, policy } },
});
const inputRule = (comment: string, ...expr: unknown[]) => ({
  add: { rule: { family: FAMILY, table: TABLE, chain: "input", comment, expr } },
});

/**
 * The whole firewall of a host: the allow list, and a drop for the rest, IPv4 and IPv6. Only nodewright's own table is
 * replaced: a flush of all tables would take Docker's name service from a container.
 */
export function firewallRuleset(rules: readonly FirewallRule[]): Ruleset {
  const table = { table: { family: FAMILY, name: TABLE } };
  return {
    nftables: [
      // Deleting a table that is not there is an error; adding one that is there is not.
      { add: table },
      { delete: table },
      { add: table },
      chain("input", "drop"),
      chain("forward", "drop"),
      inputRule(
        "replies",
        match({ ct: { key: "state" } }, { set: ["established", "related"] }, "in"),
        ACCEPT,
      ),
      inputRule("loopback", match({ meta: { key: "iif" } }, "lo"), ACCEPT),
      inputRule("icmp", match(field("icmp", "type"), { set: ICMP }), ACCEPT),
      inputRule("icmpv6", match(field("icmpv6", "type"), { set: ICMPV6 }), ACCEPT),
      inputRule(
        "dhcpv6",
        match(field("ip6", "saddr"), { prefix: { addr: "fe80::", len: 10 } }),
        match(field("udp", "dport"), 546),
        ACCEPT,
      ),
      ...rules.flatMap(allow),
    ],
  };
}

function allow({ name, protocol, port, from, perAddress }: FirewallRule) {
  const destination = match(field(protocol, "dport"), port);
  if (from === "anyone")
    return [
      ...(perAddress === undefined ? [] : limit(name, destination, perAddress)),
      inputRule(name, destination, ACCEPT),
    ];
  const [v4, v6] = [from.filter((cidr) => !cidr.includes(":")), from.filter((cidr) => cidr.includes(":"))];
  return [
    ...(v4.length > 0
      ? [inputRule(name, match(field("ip", "saddr"), prefixes(v4)), destination, ACCEPT)]
      : []),
    ...(v6.length > 0
      ? [inputRule(name, match(field("ip6", "saddr"), prefixes(v6)), destination, ACCEPT)]
      : []),
  ];
}

/** Refuses new connections of an address that has so many; those that it has are replies by then. */
function limit(name: string, destination: unknown, most: number) {
  const source = (protocol: string) => field(protocol, "saddr");
  const families = [
    { set: `${name}-ipv4`, type: "ipv4_addr", of: source("ip") },
    { set: `${name}-ipv6`, type: "ipv6_addr", of: { "&": [source("ip6"), SUBNET] } },
  ];
  const over = { "ct count": { val: most, inv: true } };
  return families.flatMap(({ set, type, of }) => [
    { add: { set: { family: FAMILY, table: TABLE, name: set, type, size: COUNTED } } },
    inputRule(
      `${name}: more than ${most} of one address`,
      destination,
      { set: { op: "add", elem: of, set: `@${set}`, stmt: [over] } },
      DROP,
    ),
  ]);
}

const prefixes = (cidrs: readonly string[]) => ({
  set: cidrs.map((cidr) => {
    const [addr, length] = cidr.split("/");
    return { prefix: { addr, len: Number(length) } };
  }),
});

/** As nft reads it, a rule a line: short in user data, and a change of one rule is one line of a difference. */
export const printRuleset = ({ nftables }: { nftables: readonly object[] }): string =>
  `{"nftables":[\n${nftables.map((each) => JSON.stringify(each)).join(",\n")}\n]}\n`;

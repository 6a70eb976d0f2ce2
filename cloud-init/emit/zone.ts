import { createHash } from "node:crypto";
import type { Address } from "../../components/core/network/address";
import type { ZonePlan } from "../../components/core/plan/dns";

type Row = [name: string, type: string, ...data: string[]];

/**
 * A master file (RFC 1035, section 5). Every host that answers holds the whole zone and none asks another, so the
 * serial only has to differ when the content does.
 */
export function printZone({ domain, ttl, records, servers }: ZonePlan): string {
  const rows: Row[] = [
    ...servers.map(({ name }): Row => [domain, "NS", absolute(name)]),
    ...[...servers, ...records].flatMap(({ name, addresses }) =>
      addresses.flatMap((each) => addressRows(name, each)),
    ),
  ];
  const text = rows.map(([name, ...data]) => `${[absolute(name), ttl, "IN", ...data].join(" ")}\n`).join("");
  const serial = createHash("sha256").update(text).digest().readUInt32BE() || 1;
  const primary = servers[0]?.name ?? domain;
  // Refresh, retry and expire are for secondaries, of which there are none; the last is how long "no such name" is kept.
  const soa = [absolute(primary), absolute(`hostmaster.${domain}`), serial, 3600, 600, 604_800, ttl].join(
    " ",
  );
  return `${absolute(domain)} ${ttl} IN SOA ${soa}\n${text}`;
}

const absolute = (name: string): string => `${name}.`;

const addressRows = (name: string, { ipv4, ipv6 }: Address): Row[] => [
  [name, "A", ipv4],
  ...(ipv6 === undefined ? [] : [[name, "AAAA", ipv6] satisfies Row]),
];

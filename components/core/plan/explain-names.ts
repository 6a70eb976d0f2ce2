import type { Address } from "../network/address";
import type { NameRecord } from "./dns";
import type { Plan } from "./plan";

export const namesTitle = ({ names }: Plan): string =>
  names ? `names in ${names.domain} (answers may be kept ${names.ttl} s)` : "";

/** Each name and what it leads to, and who answers for the domain. */
export function nameRows({ names, target }: Plan): string[][] {
  if (!names) return [];
  const { domain, servers, records } = names;
  const label = ({ name }: NameRecord) => name.slice(0, -domain.length - 1);
  const delegate =
    target.traits.names === "service"
      ? "to the name servers in the stack's outputs, once it is up"
      : `to ${servers.map(({ name }) => name).join(", ") || "nobody: the stack has no seed"}`;
  return [
    ...records.map((record) => [label(record), leadsTo(record)]),
    // Their names stand in the domain itself: whoever delegates it needs their addresses too.
    ...servers.map((server) => [
      label(server),
      [leadsTo(server), ...server.addresses.flatMap(texts)].join(", "),
    ]),
    ["delegate", delegate],
  ];
}

const texts = ({ ipv4, ipv6 }: Address): string[] => (ipv6 === undefined ? [ipv4] : [ipv4, ipv6]);

const leadsTo = ({ pool, hosts }: NameRecord): string =>
  `→ ${pool === undefined ? hosts.join(", ") : `the balancer of ${pool}`}`;

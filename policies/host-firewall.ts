import type { HostDocument } from "../cloud-init/document";
import { ANYONE } from "./addresses";
import type { Opening } from "./graph";
import type { Resource } from "./resource";
import { isMap, listOf, mapOf, mapsOf, numberOf, textOf } from "./value";

const RULES = "/etc/nodewright/firewall.json";

/** What the nftables of a host's document let in. A host without rules lets everything in. */
export function hostOpenings({ files }: HostDocument, by: Resource): Opening[] {
  const rules = files.find(({ path }) => path === RULES);
  if (!rules) return [everything(by)];
  const { nftables } = JSON.parse(rules.content) as { nftables?: unknown };
  const added = mapsOf(nftables).map(({ add }) => mapOf(add));
  const chain = added.map(({ chain }) => mapOf(chain)).find(({ hook }) => hook === "input");
  if (chain?.policy !== "drop") return [everything(by)];
  return added.flatMap(({ rule }) => {
    const { chain: of, expr } = mapOf(rule);
    return of === "input" ? (opening(mapsOf(expr), by) ?? []) : [];
  });
}

const everything = (by: Resource): Opening => ({
  ...{ protocol: "any", from: 0, to: 65535, sources: ANYONE, layer: "host", by },
});

/** What only answers, loopback, ICMP and DHCP let in is no listener's business. */
function opening(expressions: readonly ReturnType<typeof mapOf>[], by: Resource): Opening | undefined {
  if (!expressions.some((each) => "accept" in each)) return undefined;
  const matches = expressions.map(({ match }) => mapOf(match));
  if (matches.some(({ left }) => isAnswer(left))) return undefined;
  const ports = matches.find(({ left }) => payload(left)?.field === "dport");
  const sources = matches.filter(({ left }) => payload(left)?.field === "saddr");
  const protocol = payload(ports?.left)?.protocol;
  const [from, to] = portsOf(ports?.right);
  return {
    protocol: protocol === "tcp" || protocol === "udp" ? protocol : "any",
    ...{ from, to },
    sources: sources.length === 0 ? familyOf(matches) : sources.flatMap(({ right }) => prefixesOf(right)),
    ...{ layer: "host", by },
  };
}

const payload = (left: unknown) => {
  const { protocol, field } = mapOf(mapOf(left).payload);
  return field === undefined ? undefined : { protocol: textOf(protocol), field: textOf(field) };
};

function isAnswer(left: unknown): boolean {
  const { ct, meta } = mapOf(left);
  const protocol = payload(left)?.protocol;
  return isMap(ct) || mapOf(meta).key === "iif" || protocol === "icmp" || protocol === "icmpv6";
}

const familyOf = (matches: readonly ReturnType<typeof mapOf>[]): readonly string[] => {
  const family = matches.find(({ left }) => mapOf(mapOf(left).meta).key === "nfproto")?.right;
  if (family === "ipv4") return [ANYONE[0]];
  return family === "ipv6" ? [ANYONE[1]] : ANYONE;
};

function portsOf(right: unknown): [number, number] {
  const [from, to] = listOf(mapOf(right).range).map(numberOf);
  const single = numberOf(right);
  if (single !== undefined) return [single, single];
  return from !== undefined && to !== undefined ? [from, to] : [0, 65535];
}

const prefixesOf = (right: unknown): string[] => {
  const set = isMap(right) && "set" in right ? listOf(right.set) : [right];
  return set.map((each) => {
    const { addr, len } = mapOf(mapOf(each).prefix);
    if (textOf(addr) !== undefined) return `${textOf(addr)}/${numberOf(len)}`;
    const address = textOf(each) ?? "";
    return `${address}/${address.includes(":") ? 128 : 32}`;
  });
};

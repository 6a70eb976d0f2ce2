import { isIPv6 } from "node:net";
import type { Ruleset } from "../../cloud-init/emit/nftables";
import { isWithin, type Probe } from "./probes";

/** One message of ICMP, by its name in nftables. */
export interface Message {
  protocol: "icmp" | "icmpv6";
  type: string;
}

interface Match {
  match: { op: string; left: unknown; right: unknown };
}
type Rule = { expr: unknown[] };

/** What the kernel would say to the first packet of a connection: the rules of the chain in their order, then its policy. */
export const nftablesAdmits = (ruleset: Ruleset, packet: Probe | Message): boolean =>
  inputRules(ruleset).some(({ expr }) => {
    const verdict = expr.at(-1);
    // Says no to one connection too many of an address, and nothing to the first.
    if (JSON.stringify(verdict) === '{"drop":null}' && JSON.stringify(expr).includes('"ct count"'))
      return false;
    const matches = expr.slice(0, -1) as Match[];
    if (JSON.stringify(verdict) !== '{"accept":null}')
      throw new Error(`unknown verdict ${JSON.stringify(verdict)}`);
    return matches.every(({ match }) => isMatch(match, packet));
  });

function inputRules({ nftables }: Ruleset): Rule[] {
  const added = (
    nftables as { add?: { rule?: Rule & { chain: string }; chain?: Record<string, unknown> } }[]
  ).flatMap(({ add }) => (add ? [add] : []));
  const input = added.find(({ chain }) => chain?.name === "input")?.chain;
  if (input?.policy !== "drop" || input.hook !== "input")
    throw new Error("the chain does not drop by default");
  return added.flatMap(({ rule }) => (rule?.chain === "input" ? [rule] : []));
}

/** Only what the rules are known to say; anything else is a reason to look at this test. */
function isMatch({ op, left, right }: Match["match"], packet: Probe | Message): boolean {
  const field = JSON.stringify(left);
  // A connection that begins, from another machine.
  if (field === '{"ct":{"key":"state"}}') return setOf(right).includes("new");
  if (field === '{"meta":{"key":"iif"}}') return right !== "lo";
  const { protocol, field: name } = (left as { payload?: { protocol: string; field: string } }).payload ?? {};
  if (op !== "==" || protocol === undefined) throw new Error(`unknown match ${field} ${op}`);
  if (name === "type")
    return "type" in packet && packet.protocol === protocol && setOf(right).includes(packet.type);
  if ("type" in packet) return false;
  if (name === "dport") return packet.protocol === protocol && packet.port === right;
  if (name === "saddr")
    return isIPv6(packet.source) === (protocol === "ip6") && isWithin(packet.source, prefixesOf(right));
  throw new Error(`unknown match ${field}`);
}

const setOf = (right: unknown): unknown[] =>
  right !== null && typeof right === "object" && "set" in right ? (right.set as unknown[]) : [right];

const prefixesOf = (right: unknown): string[] =>
  (setOf(right) as { prefix: { addr: string; len: number } }[]).map(
    ({ prefix }) => `${prefix.addr}/${prefix.len}`,
  );

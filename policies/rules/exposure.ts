import type { Graph, Machine, Opening } from "../graph";
import { beyond, portText, type Zone } from "../reach";
import { type Rule, type RuleText, type Violation, violation } from "../rule";

interface Exposure extends Pick<RuleText, "id" | "reason"> {
  /** What people call it. */
  what: string;
  /** Which listeners it is about, by the names that services give them. */
  listeners: RegExp;
  zone: Zone;
  /** Ports that it has everywhere, on hosts whose services this project does not know. */
  standardPorts?: readonly number[];
}

const ZONES: Record<Zone, string> = {
  nobody: "the host itself",
  cluster: "hosts of the stack",
  admin: "its operator and hosts of the stack",
};

/** The rule that a listener is open to no more than its zone, on the cloud's firewall and on the host's own. */
export const exposureRule = ({ id, reason, what, listeners, zone, standardPorts = [] }: Exposure): Rule => ({
  id,
  level: "mandatory",
  title: `${what} is open to ${ZONES[zone]} alone, over IPv4 and IPv6`,
  reason,
  remedy: `narrow the rule to ${zone === "admin" ? "target.<name>.admins" : zone === "cluster" ? "the stack's own network" : "nothing: take it away"}, or give the listener back its own exposure`,
  check: ({ machines, intent }) =>
    machines.flatMap((machine) => {
      const ports = portsOf(machine, listeners, { ...intent.listeners, [id]: standardPorts });
      return machine.openings.flatMap((opening) => open(machine, opening, ports, { what, zone, intent }));
    }),
});

/** Its own port where its document tells one, else the one that such a listener usually has: it opens nothing else. */
function portsOf({ ports }: Machine, listeners: RegExp, usual: Graph["intent"]["listeners"]): number[] {
  const own = Object.entries(ports)
    .filter(([name, { protocol }]) => protocol === "tcp" && listeners.test(name))
    .map(([, { port }]) => port);
  const taken = Object.values(ports).map(({ port }) => port);
  const known = Object.entries(usual).flatMap(([name, numbers]) => (listeners.test(name) ? numbers : []));
  return own.length > 0 ? own : [...new Set(known)].filter((port) => !taken.includes(port));
}

function open(
  { host }: Machine,
  opening: Opening,
  ports: readonly number[],
  { what, zone, intent }: Pick<Exposure, "what" | "zone"> & Pick<Graph, "intent">,
): Violation[] {
  const hit = ports.filter(
    (port) => opening.protocol !== "udp" && opening.from <= port && port <= opening.to,
  );
  const outside = hit.length === 0 ? [] : beyond(opening, zone, intent);
  if (outside.length === 0) return [];
  const where = opening.layer === "host" ? "its own firewall" : opening.by.name;
  const wide = opening.from === opening.to ? "" : ` by ${portText(opening.from, opening.to)}`;
  return [
    violation(
      opening.by,
      `${what} of ${host} (${hit.join(", ")}) is opened${wide} to ${outside.join(", ")} by ${where}`,
    ),
  ];
}

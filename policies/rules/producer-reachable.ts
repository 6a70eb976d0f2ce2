import { pathsTo, portText } from "../reach";
import { type Rule, violation } from "../rule";

export const producerReachable: Rule = {
  id: "producer-reachable",
  level: "mandatory",
  title: "no packet from outside begins a connection to a producer",
  reason: "whoever reaches a producer can slow it down, and one that misses its slot loses its place",
  remedy:
    "take away the public address, the balancer or the peering, or close the rule; a producer peers with relays of its own",
  check: ({ machines, intent }) =>
    machines
      .filter(({ role }) => role === "validator")
      .flatMap((machine) =>
        pathsTo(machine, intent).map(({ way, opening, from, to }) =>
          violation(
            opening.by,
            `${machine.host} can be reached through ${way.through} on ${portText(from, to)}, which ${opening.by.name} opens to ${opening.sources.join(", ")}`,
          ),
        ),
      ),
};

import type { Graph, Machine } from "../graph";
import type { Resource } from "../resource";
import { type Rule, violation } from "../rule";
import { textOf } from "../value";

export const signingKeyShared: Rule = {
  id: "signing-key-shared",
  level: "mandatory",
  title: "no two hosts hold the same signing key",
  reason:
    "two hosts that sign with one key can sign two blocks for one slot, which the chain does not forgive",
  remedy: "make a key for each host, and let failover choose on the chain who signs",
  check: (graph) => {
    const holders = graph.machines.flatMap((machine) =>
      keysOf(machine, graph).map((key) => ({
        key,
        machine,
        resource: machine.documentBy ?? machine.resource,
      })),
    );
    return holders.flatMap(({ key, machine, resource }, place) => {
      const before = holders.slice(0, place).find((other) => other.key === key && other.machine !== machine);
      return before
        ? [violation(resource, `${machine.host} signs with the same key as ${before.machine.host}`)]
        : [];
    });
  },
};

const PUBLIC = /PUBLIC_KEY=["']?((?:PUB_K1_|EOS)[1-9A-HJ-NP-Za-km-z]{48,52})/;

/** By its public half, which its unit names, or where that is missing by the secret that is sent to it. */
function keysOf(machine: Machine, graph: Graph): string[] {
  const named = (machine.document?.units ?? []).flatMap(({ content }) => PUBLIC.exec(content)?.[1] ?? []);
  const sent = sentKeys(machine, graph).flatMap(({ props }) => textOf(props.stdin)?.trim() ?? []);
  // A preview of somebody who has no secrets sends empty ones: those are nobody's key.
  return [...new Set([...named, ...sent])].filter((key) => key !== "");
}

const sentKeys = ({ documentBy, resource }: Machine, { stack }: Graph): Resource[] => {
  const near = (documentBy ?? resource).parent;
  return stack
    .of("command:remote:Command")
    .filter(
      ({ name, parent }) => parent === near && near !== undefined && name.endsWith("-secret-signing-key"),
    );
};

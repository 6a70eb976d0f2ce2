import { bytesOf } from "../../components/core/config/units";
import { demandsOf } from "../../components/core/hardware/demand";
import type { Graph, Machine } from "../graph";
import { type Rule, violation } from "../rule";

export const machineBelowFloor: Rule = {
  id: "machine-below-floor",
  level: "mandatory",
  title: "every machine has what its role needs: cores, clock, memory with ECC",
  reason:
    "a node without memory stops in the middle of a round, and memory without ECC forks it off silently",
  remedy:
    "take a machine type that meets the floor (`npm run plan` names the cheapest), or say in belowFloor why less will do",
  check: ({ machines, intent, catalogs }) =>
    machines.flatMap((machine) => {
      const catalog = catalogs[machine.cloud];
      if (!catalog || machine.type === undefined) return [];
      const floor = floorOf(machine, intent);
      if (!floor) return [];
      const sold = catalog.machines.find(({ name }) => name === machine.type);
      const { resource, host, type } = machine;
      if (!sold)
        return [
          violation(resource, `${host} is a ${type}, of which the price list knows neither memory nor ECC`),
        ];
      const short = demandsOf(floor).filter((demand) => demand.of(sold) < demand.least);
      return short.map((demand) =>
        violation(
          resource,
          `${host} (${type}) has ${demand.has(sold)} where ${demand.what} is the floor of a ${machine.role}`,
        ),
      );
    }),
};

/** The network may ask more than the role; what the catalog vouches for, the document leaves out. */
function floorOf({ role, document }: Machine, { floors }: Graph["intent"]) {
  const own = role === undefined ? undefined : floors[role];
  const { floor, belowFloor } = document?.preflight ?? {};
  if (belowFloor !== undefined || !own) return undefined;
  const memory = floor && bytesOf(floor.memory) > bytesOf(own.memory) ? floor.memory : own.memory;
  return { ...own, memory };
}

import { error, type Finding, warning } from "../../config/finding";
import type { HostConfig, StackConfig } from "../../config/schema";
import { bytesOf, type Size } from "../../config/units";
import { fitsHeap } from "../../services/nodeos-state";
import { type HostPlan, machinesOf } from "../plan";
import type { Check } from "./index";

interface Wish {
  path: string;
  stateSize: Size;
}

/** A state on the heap that the machine's memory cannot hold: the kernel would kill nodeos, again and again. */
export const checkState: Check = ({ plan, config }) => {
  const found = machinesOf(plan).flatMap((host) => {
    const given = config.hosts[host.group];
    const wish = given && heapOf(host, given, config, plan.network.stateSize);
    return wish && host.has ? judge(host.group, host.has.memory, wish) : [];
  });
  return [...new Map(found.map((finding) => [`${finding.path} ${finding.message}`, finding])).values()];
};

/** The host's own settings over those of the stack; undefined where nodeos' state is not wanted on the heap. */
function heapOf(host: HostPlan, given: HostConfig, config: StackConfig, size: Size): Wish | undefined {
  if (!host.services.some(({ service }) => service === "nodeos")) return undefined;
  const [own, common] = [given.services.nodeos, config.services.nodeos];
  const settings: { stateMode?: unknown; stateSize?: unknown } = { ...common, ...own };
  if (settings.stateMode !== "heap") return undefined;
  const path = own?.stateMode === undefined ? "services" : `hosts.${host.group}.services`;
  return { path: `${path}.nodeos.stateMode`, stateSize: (settings.stateSize as Size | undefined) ?? size };
}

function judge(group: string, memory: Size, { path, stateSize }: Wish): Finding[] {
  const remedy = `write "mapped", give hosts.${group} more memory, or set a smaller services.nodeos.stateSize`;
  if (bytesOf(stateSize) > bytesOf(memory))
    return [
      error(
        path,
        `the heap cannot hold a state that may grow to ${stateSize} in the ${memory} of ${group}: ${remedy}`,
      ),
    ];
  return fitsHeap(stateSize, memory)
    ? []
    : [
        warning(
          path,
          `a state that may grow to ${stateSize} leaves less than a quarter of the ${memory} of ${group} for the rest: ${remedy}`,
        ),
      ];
}

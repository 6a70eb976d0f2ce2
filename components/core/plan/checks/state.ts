import { error, type Finding, warning } from "../../config/finding";
import type { HostConfig, StackConfig } from "../../config/schema";
import { bytesOf, type Size } from "../../config/units";
import type { NodeosSettings } from "../../services/nodeos";
import { roomInMemory } from "../../services/nodeos-files";
import { fitsHeap } from "../../services/nodeos-state";
import { SNAPSHOT_UNIT } from "../../services/snapshots";
import { type HostPlan, machinesOf } from "../plan";
import type { Check } from "./index";

type InMemory = "heap" | "tmpfs";

interface Wish {
  path: string;
  mode: InMemory;
  stateSize: Size;
  settings: NodeosSettings;
}

/** A state in memory that the machine cannot hold, or that nothing brings back when the host is started anew. */
export const checkState: Check = ({ plan, config }) => {
  const found = machinesOf(plan).flatMap((host) => {
    const given = config.hosts[host.group];
    const wish = given && wishOf(host, given, config, plan.network.stateSize);
    if (!wish) return [];
    return [
      ...(host.has ? JUDGES[wish.mode](host.group, host.has.memory, wish) : []),
      ...(wish.mode === "tmpfs" ? comesBack(host, given, config, wish) : []),
    ];
  });
  return [...new Map(found.map((finding) => [`${finding.path} ${finding.message}`, finding])).values()];
};

/** The host's own settings over those of the stack; undefined where nodeos' state is not wanted in memory. */
function wishOf(host: HostPlan, given: HostConfig, config: StackConfig, size: Size): Wish | undefined {
  if (!host.services.some(({ service }) => service === "nodeos")) return undefined;
  const [own, common] = [given.services.nodeos, config.services.nodeos];
  const settings = { options: {}, ...common, ...own } as NodeosSettings;
  const { stateMode: mode, stateSize = size } = settings;
  if (mode !== "heap" && mode !== "tmpfs") return undefined;
  const path = own?.stateMode === undefined ? "services" : `hosts.${host.group}.services`;
  return { path: `${path}.nodeos.stateMode`, mode, stateSize, settings };
}

const remedyFor = (group: string): string =>
  `write "mapped", give hosts.${group} more memory, or set a smaller services.nodeos.stateSize`;

type Judge = (group: string, memory: Size, wish: Wish) => Finding[];
const JUDGES: Readonly<Record<InMemory, Judge>> = {
  /** The kernel would kill nodeos, again and again. */
  heap: (group, memory, { path, stateSize }) => {
    if (bytesOf(stateSize) > bytesOf(memory))
      return [
        error(
          path,
          `the heap cannot hold a state that may grow to ${stateSize} in the ${memory} of ${group}: ${remedyFor(group)}`,
        ),
      ];
    return fitsHeap(stateSize, memory)
      ? []
      : [
          warning(
            path,
            `a state that may grow to ${stateSize} leaves less than a quarter of the ${memory} of ${group} for the rest: ${remedyFor(group)}`,
          ),
        ];
  },
  /** A kill of nodeos frees a heap, and nothing of a tmpfs: so this is no matter of a warning. */
  tmpfs: (group, memory, { path, stateSize, settings }) => {
    const room = roomInMemory(stateSize, settings);
    return fitsHeap(room, memory)
      ? []
      : [
          error(
            path,
            `a state that may grow to ${stateSize} needs a tmpfs of ${room}, more than three quarters of the ${memory} of ${group}, and no kill of nodeos frees it: ${remedyFor(group)}`,
          ),
        ];
  },
};

/** An archive takes none of a mirror: its history would begin anew. */
function comesBack(host: HostPlan, given: HostConfig, config: StackConfig, { path }: Wish): Finding[] {
  const { group, role, services } = host;
  const isScheduled = services.some(({ unit, schedule }) => unit === SNAPSHOT_UNIT && schedule?.calendar);
  const { from } = { ...config.services.snapshots, ...given.services.snapshots };
  if (isScheduled || (from === "published" && role !== "archive")) return [];
  const ways =
    role === "validator"
      ? `write "mapped": a ${role} takes no snapshots`
      : `set hosts.${group}.services.snapshots.schedule${role === "archive" ? "" : " (or from: published)"}, or write "mapped"`;
  return [
    error(
      path,
      `a tmpfs is empty after each restart of ${group}, and nothing there keeps a snapshot to come back from: ${ways}`,
    ),
  ];
}

import { error, type Finding, warning } from "../../config/finding";
import { machinesOf } from "../plan";
import type { Check } from "./index";

/** A host of a public chain must have something to begin with, and what it begins with must be provable. */
export const checkSnapshots: Check = ({ plan, config }) => {
  const groups = [...new Map(machinesOf(plan).map((host) => [host.group, host])).values()];
  const settingsOf = (group: string): Record<string, unknown> => ({
    ...config.services.snapshots,
    ...config.hosts[group]?.services.snapshots,
  });
  const unprovable = groups.flatMap(({ group }): Finding[] => {
    const { from, mirror, key } = settingsOf(group);
    if (from !== "published" || (mirror !== undefined && key !== undefined)) return [];
    const lacks = [...(mirror === undefined ? ["mirror"] : []), ...(key === undefined ? ["key"] : [])].join(
      " and ",
    );
    return [
      error(
        `hosts.${group}.services.snapshots.from`,
        `"published" needs ${lacks} beside it: where to read, and whose signature holds`,
      ),
    ];
  });
  const bare = groups.filter(
    ({ group, services }) =>
      services.some(({ service }) => service === "nodeos") && settingsOf(group).from === undefined,
  );
  if (plan.network.birth || bare.length === 0) return unprovable;
  const page = plan.network.snapshots === undefined ? "" : `; public ones: ${plan.network.snapshots}`;
  return [
    ...unprovable,
    warning(
      "services.snapshots.from",
      `is not set, so ${bare.map(({ group }) => group).join(", ")} will wait for a snapshot of ${plan.network.name} put there by hand: write \`published\`, or { url, sha256 } (docs/snapshots.md)${page}`,
    ),
  ];
};

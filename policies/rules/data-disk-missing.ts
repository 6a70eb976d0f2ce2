import { type Rule, violation } from "../rule";

/** Clouds whose disks are resources: elsewhere the disk is the machine's own and nothing tells of it. */
const SELL_DISKS = ["aws", "gcp", "digitalocean", "docker"];

export const dataDiskMissing: Rule = {
  id: "data-disk-missing",
  level: "mandatory",
  title: "the chain of every fixed host lies on a disk of its own, apart from the machine",
  reason: "with the machine go days of replay, and for a history years of blocks",
  remedy: "give the host a volume of its own and attach it; only members of a pool do without",
  check: ({ machines, intent }) =>
    machines
      .filter(({ cloud, isPool }) => SELL_DISKS.includes(cloud) && !isPool)
      .filter(({ role }) => role !== undefined && intent.stateful.includes(role))
      .filter(({ disks }) => disks.every(({ ownedByMachine }) => ownedByMachine))
      .map(({ resource, host, role }) =>
        violation(
          resource,
          `${host} (${role}) has no data disk of its own: its data lies inside the machine`,
        ),
      ),
};

import { type Rule, violation } from "../rule";

/** Disks that turn, or that are sold for what is rarely read. */
const SLOW = ["standard", "st1", "sc1", "pd-standard"];

export const diskTooSlow: Rule = {
  id: "disk-too-slow",
  level: "mandatory",
  title: "every disk is an SSD",
  reason:
    "nodeos reads its state in small pieces: on a disk that turns it falls behind the chain and stays there",
  remedy: "use gp3 or io2, pd-ssd or a hyperdisk",
  check: ({ machines }) =>
    machines.flatMap(({ host, disks }) =>
      disks
        .filter(({ type }) => type !== undefined && SLOW.includes(type))
        .map(({ resource, type }) => violation(resource, `a disk of ${host} is ${type}, which is no SSD`)),
    ),
};

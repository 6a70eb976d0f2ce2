import { bytesOf } from "../../components/core/config/units";
import { type Rule, violation } from "../rule";

const GIB = bytesOf("1 GB");

export const diskBelowFloor: Rule = {
  id: "disk-below-floor",
  level: "mandatory",
  title: "every data disk is as large as its role needs",
  reason: "a full disk stops nodeos with a dirty database, and the way back is a replay of days",
  remedy: "make the disk larger: it grows in place, and never shrinks",
  check: ({ machines, intent }) =>
    machines.flatMap(({ host, role, disks, document, isPool }) => {
      const { floor, belowFloor } = document?.preflight ?? {};
      const least = floor?.disk ?? (role === undefined ? undefined : intent.floors[role]?.disk);
      // A lab's containers hold no floor: their document says so by having none.
      if (least === undefined || belowFloor !== undefined || (document && !floor)) return [];
      const data = isPool ? disks.slice(-1) : disks.filter(({ ownedByMachine }) => !ownedByMachine);
      return data
        .filter(({ size }) => size !== undefined && size * GIB < bytesOf(least))
        .map(({ resource, size }) =>
          violation(
            resource,
            `the data disk of ${host} has ${size} GB where ${least} is the floor of a ${role}`,
          ),
        );
    }),
};

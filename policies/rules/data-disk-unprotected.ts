import { type Rule, violation } from "../rule";

export const dataDiskUnprotected: Rule = {
  id: "data-disk-unprotected",
  level: "mandatory",
  title: "the engine refuses to delete a data disk",
  reason: "one wrong line of a stack file would otherwise take the chain's state with it",
  remedy: "leave nodewright:protect at its default, or set protect on the disk",
  check: ({ machines }) =>
    machines.flatMap(({ disks, host }) =>
      disks
        .filter(({ ownedByMachine, resource }) => !ownedByMachine && !resource.protect)
        .map(({ resource }) =>
          violation(resource, `the data disk of ${host} may be deleted: it is not protected`),
        ),
    ),
};

import { type Rule, violation } from "../rule";

export const diskUnencrypted: Rule = {
  id: "disk-unencrypted",
  level: "mandatory",
  title: "every disk is encrypted",
  reason: "a disk that is handed back, copied or shared gives away keys, and what clients asked",
  remedy: "set encrypted: true on the volume, the root device and every mapping of a launch template",
  check: ({ machines, stack }) => [
    ...machines.flatMap(({ disks, host }) =>
      disks
        .filter(({ encrypted }) => encrypted === false)
        .map(({ resource, ownedByMachine }) =>
          violation(
            resource,
            `${ownedByMachine ? "a disk of the machine" : "the disk"} of ${host} is not encrypted`,
          ),
        ),
    ),
    // One that is at no machine yet, or at one outside the stack.
    ...stack
      .of("aws:ebs/volume:Volume")
      .filter(({ urn }) => machines.every(({ disks }) => disks.every(({ resource }) => resource.urn !== urn)))
      .filter(({ props: { encrypted } }) => encrypted !== true && typeof encrypted !== "symbol")
      .map((volume) => violation(volume, `the volume ${volume.name} is not encrypted`)),
  ],
};

import { violation } from "../rule";
import { leaving, type UpdateRule } from "./step";

const DISKS = [
  "aws:ebs/volume:Volume",
  "gcp:compute/disk:Disk",
  "gcp:compute/regionDisk:RegionDisk",
  "digitalocean:index/volume:Volume",
  "docker:index/volume:Volume",
];

export const dataDiskLeaves: UpdateRule = {
  id: "data-disk-leaves",
  level: "mandatory",
  title: "no update replaces or deletes a data disk",
  reason: "what is on it is days of replay, and for a history years of blocks",
  remedy: "change it in place: disks grow. To take a host out for good, make an exception of a day",
  check: (steps) =>
    leaving(steps)
      .filter(({ type }) => DISKS.includes(type))
      .map((disk) => violation(disk, `the disk ${disk.name} would be deleted, and with it what it keeps`)),
};

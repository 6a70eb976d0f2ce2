import { bytesOf } from "../../core/config/units";
import type { Disk } from "../../core/hardware/disk";
import type { DiskPlan } from "../../core/plan/plan";
import type { HostNeeds } from "../target";
import type { AwsConfig } from "./config";

/** How the volume is named to AWS. */
export const ATTACHED_AS = "/dev/sdf";

/**
 * How udev names it on the host: by the volume's id, which nobody knows before it is made. Kernel names move between
 * boots, and Debian's images make no link from the name that AWS knows. The system's own disk matches too and is left
 * out by the script that mounts; SSDs of the machine are of another model.
 */
const FOUND_AS = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol*";

/** The system's own. Gone with the machine. */
export const ROOT_DISK: Disk = { type: "gp3", size: 30 };

/** What a full node needs beside what each gp3 has: blocks are replayed in small reads, and copied whole. */
const UNDER_A_NODE = { iops: 6000, throughput: 250 };

/** Operations a second for each GiB, MiB a second for each operation (EBS User Guide, volume types). */
const IOPS_PER_GIB = { gp3: 500, io2: 1000 } as const;
const THROUGHPUT_PER_IOPS = 0.25;

export function dataDisk(
  { disk: { type, iops, throughput } }: AwsConfig,
  { hardware, role }: Pick<HostNeeds, "hardware" | "role">,
): DiskPlan {
  const size = Math.ceil(bytesOf(hardware.disk) / bytesOf("1 GB"));
  const isNode = role.services.includes("nodeos");
  const most = IOPS_PER_GIB[type] * size;
  const chosen =
    iops ?? (isNode || type === "io2" ? Math.min(UNDER_A_NODE.iops, Math.max(most, 3000)) : undefined);
  const flow = throughput ?? (isNode && type === "gp3" ? UNDER_A_NODE.throughput : undefined);
  return {
    size,
    type,
    ...(chosen === undefined ? {} : { iops: chosen }),
    ...(flow === undefined ? {} : { throughput: flow }),
    device: FOUND_AS,
  };
}

/** What of a disk's figures AWS refuses together, though it sells each. Undefined if it would take them. */
export function ratioProblem({ type, size, iops, throughput }: DiskPlan): string | undefined {
  const perGib = type === "io2" ? IOPS_PER_GIB.io2 : IOPS_PER_GIB.gp3;
  if (type === "io2" && throughput !== undefined)
    return "io2 sells no throughput apart: leave disk.throughput out";
  if (type === "gp3" && iops !== undefined && iops < 3000)
    return `gp3 has at least 3000 operations a second, not ${iops}`;
  // Up to what comes with every gp3 the ratio does not count.
  if (iops !== undefined && iops > (type === "gp3" ? 3000 : 0) && iops > perGib * size)
    return `${type} has ${perGib} operations a second for each GiB: ${iops} need ${Math.ceil(iops / perGib)} GiB, and the disk has ${size}`;
  if (throughput !== undefined && throughput > (iops ?? 3000) * THROUGHPUT_PER_IOPS)
    return `gp3 has 1 MiB a second for 4 operations a second: ${throughput} MiB need ${throughput / THROUGHPUT_PER_IOPS}`;
  return undefined;
}

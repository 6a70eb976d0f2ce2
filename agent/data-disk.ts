import type { HostDocument } from "../cloud-init/document";
import { dataOwner } from "../components/core/naming";
import { DATA, DATA_OWNER } from "../components/core/services/service";
import { readText } from "./disk";
import type { System } from "./system";

const GIB = 2 ** 30;
/** Bytes of one sector in /sys, whatever the disk's own are (kernel documentation, sysfs-block). */
const SECTOR = 512;

/** What is mounted at `/data`. */
export interface Mounted {
  /** The device: `/dev/nvme1n1`. */
  source: string;
  /** `ext4`, `xfs`, … */
  fileSystem: string;
  /** As the kernel counts it: `259:2`. */
  number: string;
}

/** Undefined where `/data` is a folder of another disk. */
export async function mountedData(system: System): Promise<Mounted | undefined> {
  const columns = ["--output", "SOURCE,FSTYPE,MAJ:MIN", "--mountpoint", DATA] as const;
  const { code, stdout } = await system.run(["findmnt", "--noheadings", "--raw", ...columns]);
  const [source, fileSystem, number] = stdout.toString().trim().split("\n").at(-1)?.split(" ") ?? [];
  return code === 0 && source && fileSystem && number ? { source, fileSystem, number } : undefined;
}

/** Bytes of the disk, as the kernel knows them now. Needs no privilege. */
export async function deviceBytes(system: System, { number }: Mounted): Promise<number | undefined> {
  const sectors = Number(await readText(system, `/sys/dev/block/${number}/size`));
  return sectors > 0 ? sectors * SECTOR : undefined;
}

/** Whose data `/data` holds, as its own file says; undefined before the first provision. */
export const ownerOnDisk = async (system: System): Promise<string | undefined> =>
  (await readText(system, DATA_OWNER))?.trim();

/** Why nothing may be done with what is at `/data`, with the remedy; undefined where it is this host's. */
export async function dataFault(system: System, document: HostDocument): Promise<string | undefined> {
  const { stack, host, disk } = document;
  const own = dataOwner(stack, host);
  const found = await ownerOnDisk(system);
  if (found !== undefined && found !== own)
    return `${DATA} holds the data of ${found || "a host that it does not name"}, and this is ${own}: it was left as it is. Give it back and attach this host's own disk; or, if this host shall go on with that data and no other has it still: sudo rm ${DATA_OWNER}, then run this again`;
  if (!disk) return undefined;
  const mounted = await mountedData(system);
  if (!mounted)
    return `${DATA} is not mounted, the disk ${disk.device} is missing: attach it, then: sudo mount ${DATA}`;
  // A copy of the disk bears the same label, by which it is mounted at a boot.
  const { stdout } = await system.run(["sh", "-c", `readlink -f ${disk.device}`]);
  const known = stdout.toString().split("\n");
  return known.includes(mounted.source)
    ? undefined
    : `${DATA} is ${mounted.source}, and the document wants ${disk.device}: detach the copy (or take its label: sudo e2label ${mounted.source} ''), then restart the host`;
}

/** How the disk compares with the stack file; undefined where it is as planned, or where the target made none. */
export async function sizeDifference(system: System, { disk }: HostDocument): Promise<string | undefined> {
  const mounted = disk && (await mountedData(system));
  const bytes = mounted && (await deviceBytes(system, mounted));
  if (!disk || bytes === undefined || bytes === disk.size * GIB) return undefined;
  const sizes = `${DATA}: the disk has ${(bytes / GIB).toFixed(1)} GiB, the stack file wants ${disk.size}`;
  return bytes < disk.size * GIB
    ? `${sizes}: it was not enlarged yet; run up again, then provision`
    : `${sizes}: a disk never shrinks, and its data is kept; give the stack file the size it has`;
}

/** Whether the disk is as large as the stack file wants it; its kernel is asked to look again while it is not. */
export async function awaitSize(
  system: System,
  mounted: Mounted,
  wanted: number,
  patience = 10,
): Promise<void> {
  for (let second = 0; second < patience; second += 1) {
    const bytes = await deviceBytes(system, mounted);
    if (bytes === undefined || bytes >= wanted * GIB) return;
    // SCSI alone tells nothing by itself (DigitalOcean); the file is not there for NVMe, which does.
    await system.run(["sh", "-c", `echo 1 2>/dev/null >/sys/dev/block/${mounted.number}/device/rescan`]);
    await system.sleep(1000);
  }
}

import { dataOwner } from "../../components/core/naming";
import { DATA, DATA_OWNER } from "../../components/core/services/service";
import { awaitSize, deviceBytes, type Mounted, mountedData, ownerOnDisk } from "../data-disk";
import { writeAtomic } from "../disk";
import { type Command, HostError, mustRun, type System } from "../system";
import type { Change, Context, Step } from "./step";

/** Less than a block group of ext4, which may be too small to hold anything, is left as it is. */
const LEAST_GROWTH = 128 * 2 ** 20;

/** Whose disk it is, written on it, and its file system as large as the disk: in place, while all runs. */
export const dataDisk: Step = {
  name: "data disk",
  async plan(context) {
    return [...(await ownership(context)), ...(await growth(context))];
  },
};

async function ownership({ system, bundle: { document } }: Context): Promise<Change[]> {
  const isKept = document.directories.some(({ path }) => path === DATA);
  if (!isKept || (await ownerOnDisk(system)) !== undefined) return [];
  const own = dataOwner(document.stack, document.host);
  return [{ what: DATA_OWNER, apply: () => writeAtomic(system, DATA_OWNER, `${own}\n`) }];
}

async function growth({ system, bundle: { document } }: Context): Promise<Change[]> {
  const mounted = document.disk && (await mountedData(system));
  if (!document.disk || !mounted) return [];
  await awaitSize(system, mounted, document.disk.size);
  const grow = GROWING[mounted.fileSystem];
  const bytes = await deviceBytes(system, mounted);
  if (!grow || bytes === undefined) return [];
  const room = bytes - (await grow.bytes(system, mounted));
  if (room < LEAST_GROWTH) return [];
  const gib = (room / 2 ** 30).toFixed(1);
  return [
    {
      what: `${DATA} (${mounted.fileSystem}, ${gib} GiB more)`,
      apply: async () => void (await mustRun(system, grow.command(mounted))),
    },
  ];
}

/** How a file system is asked for its size, and grown while it is mounted. */
interface Growing {
  bytes(system: System, mounted: Mounted): Promise<number>;
  command(mounted: Mounted): Command;
}

const GROWING: Readonly<Partial<Record<string, Growing>>> = {
  ext4: {
    bytes: async (system, { source }) => {
      const text = (await mustRun(system, ["dumpe2fs", "-h", source])).toString();
      return figure(/^Block count:\s+(\d+)$/m, text) * figure(/^Block size:\s+(\d+)$/m, text);
    },
    command: ({ source }) => ["resize2fs", source],
  },
  xfs: {
    bytes: async (system) => {
      const text = (await mustRun(system, ["xfs_info", DATA])).toString();
      const data = /^data\s.*$/m.exec(text)?.[0] ?? "";
      return figure(/bsize=(\d+)/, data) * figure(/blocks=(\d+)/, data);
    },
    command: () => ["xfs_growfs", DATA],
  },
};

function figure(pattern: RegExp, text: string): number {
  const [, digits] = pattern.exec(text) ?? [];
  if (digits === undefined) throw new HostError(`no ${pattern} in what is known of the file system`);
  return Number(digits);
}

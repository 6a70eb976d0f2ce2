import { z } from "zod";
import { DATA } from "../components/core/services/service";
import { inspect, readState, writeState } from "./disk";
import { DISK_SAMPLES } from "./layout";
import type { System } from "./system";

const samplesSchema = z.record(z.string(), z.array(z.object({ time: z.number(), usedBytes: z.number() })));

/** What was used of each file system, in ms of the epoch and bytes, oldest first. */
export type Samples = z.infer<typeof samplesSchema>;
type Sample = Samples[string][number];

export interface DiskStatus {
  path: string;
  freeBytes: number;
  totalBytes: number;
  /** When it is full if it fills as it did; missing while too little was seen, or it does not fill. */
  fullAt?: string;
}

/** Two weeks of one sample an hour. */
const MOST_SAMPLES = 336;
/** A restart or a snapshot moves a disk for an hour; a trend is what half a day shows. */
const LEAST_SPAN_MS = 12 * 3_600_000;
/** Part of a disk that is deleted at once where somebody made room, or a snapshot went. */
const EMPTIED = 0.05;
const MOST_COMPARED = 84;
const HORIZON_MS = 10 * 365 * 86_400_000;

/** File systems that fill: the system's, and that of the chain if it has its own. */
const PATHS = ["/", DATA];

/** Samples that `serve` left; none where it never ran. */
export const readSamples = (system: System): Promise<Samples> =>
  readState(system, DISK_SAMPLES, (value) => samplesSchema.parse(value), {});

export async function diskStatuses(system: System, samples: Samples): Promise<DiskStatus[]> {
  const found = await Promise.all(
    PATHS.map(async (path) =>
      (await inspect(system, path)) ? [{ path, ...(await system.space(path)) }] : [],
    ),
  );
  const [root, ...others] = found.flat();
  // A folder of the same file system has the same figures, to the byte but for what was written in between.
  const disks = root ? [root, ...others.filter(({ totalBytes }) => totalBytes !== root.totalBytes)] : [];
  return disks.map((disk) => {
    const full = fullAt(samples[disk.path] ?? [], disk.totalBytes, disk.freeBytes, system.now().getTime());
    return { ...disk, ...(full === undefined ? {} : { fullAt: new Date(full).toISOString() }) };
  });
}

/** Adds what the disks hold now, and stores it where this process may; else it lasts as long as the process. */
export async function sampleDisks(system: System, samples: Samples): Promise<Samples> {
  const time = system.now().getTime();
  const next = Object.fromEntries(
    (await diskStatuses(system, samples)).map(({ path, freeBytes, totalBytes }) => {
      const sample = { time, usedBytes: totalBytes - freeBytes };
      return [path, [...(samples[path] ?? []), sample].slice(-MOST_SAMPLES)];
    }),
  );
  await writeState(system, DISK_SAMPLES, next).catch(() => {});
  return next;
}

/**
 * The time at which nothing is left if the disk fills as it did since it was last emptied; undefined where nothing can
 * be said. The pace is the median of those between any two samples (Theil–Sen): a snapshot that came and went moves a
 * line of least squares by weeks, and the median not at all.
 */
export function fullAt(
  samples: readonly Sample[],
  totalBytes: number,
  freeBytes: number,
  now: number,
): number | undefined {
  const since = thinned(sinceEmptied(samples, totalBytes, now));
  const [first, last] = [since[0], since.at(-1)];
  if (!first || !last || last.time - first.time < LEAST_SPAN_MS) return undefined;
  const pace = median(
    since.flatMap((one, index) =>
      since.slice(index + 1).map((other) => (other.usedBytes - one.usedBytes) / (other.time - one.time)),
    ),
  );
  const left = freeBytes / pace;
  return pace > 0 && left < HORIZON_MS ? now + left : undefined;
}

/** Samples in order, behind the last time that much was deleted. One from a clock that was ahead is none. */
function sinceEmptied(samples: readonly Sample[], totalBytes: number, now: number): Sample[] {
  const known = samples
    .filter(({ time }) => time <= now)
    .sort((one, other) => one.time - other.time)
    .filter(({ time }, index, all) => time !== all[index - 1]?.time);
  const emptied = known.findLastIndex(
    ({ usedBytes }, index) => (known[index - 1]?.usedBytes ?? 0) - usedBytes > totalBytes * EMPTIED,
  );
  return known.slice(Math.max(0, emptied));
}

/** The newest, and as many before it as pairs of them are quickly counted. */
function thinned(samples: readonly Sample[]): Sample[] {
  const every = Math.ceil(samples.length / MOST_COMPARED);
  return samples.filter((_, index) => (samples.length - 1 - index) % every === 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

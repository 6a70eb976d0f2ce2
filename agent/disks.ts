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

/** The time at which the straight line through the samples has no room left; undefined where nothing can be said. */
export function fullAt(
  samples: readonly Sample[],
  totalBytes: number,
  freeBytes: number,
  now: number,
): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.time - first.time < LEAST_SPAN_MS || totalBytes === 0) return undefined;
  const mean = (value: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
  const [time, used] = [mean((sample) => sample.time), mean((sample) => sample.usedBytes)];
  const spread = mean((sample) => (sample.time - time) ** 2);
  const slope = mean((sample) => (sample.time - time) * (sample.usedBytes - used)) / spread;
  const left = freeBytes / slope;
  return slope > 0 && left < HORIZON_MS ? now + left : undefined;
}

import { currentBundle } from "./bundle";
import { collect } from "./collectors";
import { readSamples, sampleDisks } from "./disks";
import type { Metric } from "./metric";
import type { HostStatus } from "./status";
import type { System } from "./system";
import { type Verification, verifyHost } from "./verification";

export interface Watch {
  /** What it saw last; undefined before its first look. */
  latest(): Verification | undefined;
  /** What it measured then; nothing before its first look. */
  measured(): readonly Metric[];
  /** One look, as the timer makes them. */
  look(): Promise<void>;
  stop(): void;
}

const FIRST_LOOK_MS = 5_000;
const LOOK_MS = 30_000;
const SAMPLE_MS = 3_600_000;

/** Verifies the host now and then, so that no scrape waits for a name service, and keeps the history of its disks. */
export function watch(system: System, current: () => Promise<HostStatus>): Watch {
  let verification: Verification | undefined;
  let measured: readonly Metric[] = [];
  let samples = readSamples(system);
  let sampledAt: number | undefined;
  const look = async (): Promise<void> => {
    const now = system.now().getTime();
    if (now - (sampledAt ?? (await newest(samples))) >= SAMPLE_MS) {
      samples = sampleDisks(system, await samples);
      sampledAt = now;
    }
    const [status, bundle] = await Promise.all([current(), currentBundle(system)]);
    if (!bundle) return;
    verification = await verifyHost(system, bundle.document, status.services, samples);
    measured = await collect({ system, document: bundle.document, services: status.services });
  };
  // A host without a bundle has nothing to verify yet; what else goes wrong shows when the status is asked for.
  const again = () => void look().catch(() => {});
  const timers = [setTimeout(again, FIRST_LOOK_MS), setInterval(again, LOOK_MS)];
  for (const timer of timers) timer.unref();
  return {
    latest: () => verification,
    measured: () => measured,
    look,
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

const newest = async (samples: ReturnType<typeof readSamples>): Promise<number> =>
  Math.max(
    Number.NEGATIVE_INFINITY,
    ...Object.values(await samples).flatMap((each) => each.at(-1)?.time ?? []),
  );

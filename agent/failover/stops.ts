import type { FailoverStatus } from "./status";

/** Why this host stopped producing by itself, and when, ISO 8601. */
export interface Stop {
  time: string;
  reason: string;
}

const RECENT_MS = 15 * 60_000;

/**
 * The times that this host stopped by itself of late. Now and then a network or a disk is slow; again and again means that the
 * times of the failover are too short for it. The guard ends this process: what was told before is where its part is known from.
 */
export class Stops {
  private constructor(private stops: Stop[]) {}

  static after(told: FailoverStatus | undefined): Stops {
    const stops = new Stops([...(told?.stops ?? [])]);
    // It held, by its own word, and did not say that it let go.
    if (told?.term !== undefined) stops.add("its agent ended while it held, and the guard stopped nodeos");
    return stops;
  }

  add(reason: string): void {
    this.stops = [...this.recent(), { time: new Date().toISOString(), reason }];
  }

  /** Oldest first. */
  recent(now = Date.now()): Stop[] {
    return this.stops.filter(({ time }) => now - Date.parse(time) < RECENT_MS);
  }
}

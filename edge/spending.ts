import { WINDOW_MICROS } from "../components/core/edge/spending";

/** Whose calls over WebSockets count as one client's, and what a unit takes of its time. */
export interface Spender {
  name: string;
  microsPerUnit: number;
}

/** Spenders are looked through for those who owe nothing whenever there are twice as many as the last time. */
const FEW = 1_000;

/**
 * What was asked for over WebSockets, by client: a moment each, up to which that is paid for. HAProxy, which keeps the same
 * of requests (components/core/edge/spending.ts), sees none of it.
 */
export class Spending {
  private readonly until = new Map<string, number>();
  private most = FEW;

  /** Takes this many units, unless its client has spent too far ahead. */
  take({ name, microsPerUnit }: Spender, units: number): boolean {
    const now = performance.now() * 1000;
    const until = Math.max(now, this.until.get(name) ?? 0);
    if (until - now > WINDOW_MICROS) return false;
    this.until.set(name, until + units * microsPerUnit);
    if (this.until.size > this.most) this.forget(now);
    return true;
  }

  private forget(now: number): void {
    for (const [name, until] of this.until) if (until <= now) this.until.delete(name);
    this.most = Math.max(FEW, 2 * this.until.size);
  }
}

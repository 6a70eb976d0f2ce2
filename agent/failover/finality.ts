import type { FailoverSettings } from "../../components/core/failover/settings";
import type { ChainView } from "./nodeos-control";

const SLOT_SECONDS = 0.5;
/** Shorter steps are what two looks at different moments make of a chain that is final at once. */
const COARSE_SECONDS = 3;
/** A chain that stood still is final in one step too, once. */
const ENOUGH = 3;

type Looked = Pick<ChainView, "lib"> & { head: { number: number } };

/**
 * How finality comes on a chain: with each block (Savanna), or in steps of a producer's turn. Steps are what the last
 * irreversible block gains beyond what the head does between two looks, so that slow looks are none.
 */
export class Finality {
  private before: Looked | undefined;
  private steps: number[] = [];

  see(view: Looked): void {
    const before = this.before;
    this.before = { lib: view.lib, head: { number: view.head.number } };
    if (!before || view.lib <= before.lib) return;
    const gained = view.lib - before.lib - Math.max(0, view.head.number - before.head.number);
    this.steps = [...this.steps, gained * SLOT_SECONDS].slice(-ENOUGH);
  }

  /** Seconds between two steps, at least; undefined where there are none. */
  get stepSeconds(): number | undefined {
    const least = Math.min(...this.steps);
    return this.steps.length === ENOUGH && least >= COARSE_SECONDS ? least : undefined;
  }
}

/** What to change where the age limit is too short for how finality comes. */
export function ageNote({ timing }: FailoverSettings, stepSeconds: number | undefined): string | undefined {
  if (stepSeconds === undefined) return undefined;
  const wanted = Math.ceil(stepSeconds + 2);
  return timing.ageSeconds >= wanted
    ? undefined
    : `finality comes in steps of ${stepSeconds} s on this chain: with ageSeconds ${timing.ageSeconds} a renewal that is a little late stops production. Write ageSeconds: ${wanted}, and the lease that goes with it (docs/failover.md)`;
}

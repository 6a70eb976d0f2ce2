import { NODE_FAULTS, TwoNodes } from "../../edge/two-nodes";
import { LONG_READ, SMALL_READ, underLoad } from "../../edge/under-load";
import { median, round } from "../statistics";

const ROUNDS = 3;

/** What a fault of one of two nodes did to clients. */
export interface FaultFigures {
  /** Reads of all rounds. */
  reads: number;
  failed: number;
  /** Milliseconds from the fault until HAProxy sends the node nothing more. */
  leftAlone: { median: number; most: number };
}

export const faultCase = (name: string): string => `one of two nodes ${name}`;

/** Reads under load while one of two nodes is not well: how many fail, and how soon it is left alone. */
export async function onFaults(
  only: string,
  progress: (line: string) => void,
): Promise<Record<string, FaultFigures>> {
  const wanted = NODE_FAULTS.filter(({ name }) => faultCase(name).includes(only));
  if (wanted.length === 0) return {};
  const pair = await new TwoNodes().start();
  const found: Record<string, FaultFigures> = {};
  try {
    for (const { name, make, mend } of wanted) {
      progress(faultCase(name));
      const took: number[] = [];
      let [reads, failed] = [0, 0];
      for (let turn = 0; turn < ROUNDS; turn += 1) {
        await pair.both();
        const outcome = await underLoad(pair.edge.url, [SMALL_READ, LONG_READ], async () => {
          const begun = performance.now();
          await make(pair);
          await pair.leftAlone();
          took.push(performance.now() - begun);
          await mend(pair);
          await pair.both();
        });
        reads += outcome.sent;
        failed += outcome.failed.length;
      }
      const leftAlone = { median: round(median(took)), most: round(Math.max(...took)) };
      found[faultCase(name)] = { reads, failed, leftAlone };
    }
    return found;
  } finally {
    await pair.stop();
  }
}

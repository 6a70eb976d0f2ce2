import { setTimeout as sleep } from "node:timers/promises";
import type { EdgeContext } from "./context";
import { post, type UpstreamAnswer, UpstreamError } from "./upstream";

export type Outcome = UpstreamAnswer | UpstreamError;

export const outcomeOf = (asked: Promise<UpstreamAnswer>): Promise<Outcome> =>
  asked.catch((error: unknown) => {
    if (error instanceof UpstreamError) return error;
    throw error;
  });

/** How often all are asked where none lets anybody in, as while the only one starts anew. */
const TURNS = 3;
const PAUSE_MS = 1_000;

/** What a node meant to say. */
const textOf = (outcome: Outcome): string | undefined =>
  outcome instanceof UpstreamError || outcome.status >= 500 || (outcome.status >= 300 && outcome.status < 400)
    ? undefined
    : outcome.text;

/**
 * Puts a read to the nodes and gives what `read` makes of the answer. One after the other is asked, those in service first
 * and of those the least busy, until one has an answer or the time is over. Not by way of HAProxy: a second hop costs more
 * than all the rest, and it could neither repeat a long body nor see that an answer is none. What is heavy for one is so
 * for all: it is not repeated after it took too long.
 */
export async function askNodes<T>(
  body: string | Buffer,
  isHeavy: boolean,
  { settings, pool, counters }: Pick<EdgeContext, "settings" | "pool" | "counters">,
  read: (text: string) => T | undefined,
): Promise<T | UpstreamError> {
  const { timeouts, limits } = settings;
  const time = isHeavy ? timeouts.heavy : timeouts.read;
  const ask = async (url: string): Promise<T | UpstreamError> => {
    const outcome = await outcomeOf(post(url, body, time, limits.responseBytes));
    const text = textOf(outcome);
    const found = text === undefined ? undefined : read(text);
    if (found !== undefined) return found;
    return outcome instanceof UpstreamError ? outcome : new UpstreamError("no answer of a node", true);
  };
  const deadline = performance.now() + (isHeavy ? time * 0.9 : time * 1.5);
  const isOver = (found: T | UpstreamError): boolean =>
    !(found instanceof UpstreamError) || found.tooLarge || performance.now() > deadline;
  let last: T | UpstreamError | undefined;
  for (let turn = 0; turn < TURNS; turn += 1) {
    if (turn > 0) await sleep(PAUSE_MS);
    for (const [index, { url }] of pool.inOrder().entries()) {
      if (turn + index > 0) counters.add("nodewright_edge_reads_again_total");
      const found = await ask(url);
      if (isOver(found)) return found;
      last = found;
    }
    // One that was reached, and has no answer, has none a moment later.
    if (last instanceof UpstreamError && last.sent) return last;
  }
  return last ?? new UpstreamError("no node", false);
}

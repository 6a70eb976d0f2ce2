import { setTimeout as sleep } from "node:timers/promises";
import { askHaproxy } from "./haproxy-socket";

/** Less than a tenth of the time that HAProxy gives an old process to end (SECONDS_TO_DRAIN). */
const EVERY_MS = 2_000;

/**
 * Tells whenever another process of HAProxy has taken over: the old one carries its WebSockets for half a minute more and
 * then cuts them, so they are better asked to come again. Ends with the signal.
 */
export async function watchWorkers(
  socket: string | undefined,
  tell: (worker: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (socket === undefined) return;
  let known: string | undefined;
  while (!signal.aborted) {
    const worker = await workerOf(socket);
    if (worker !== undefined && worker !== known) tell(worker);
    known = worker ?? known;
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

const workerOf = (socket: string): Promise<string | undefined> =>
  askHaproxy(socket, "show info").then(
    (info) => /^Pid: (\d+)$/m.exec(info)?.[1],
    () => undefined,
  );

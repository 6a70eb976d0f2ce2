import { setTimeout as pause } from "node:timers/promises";
import type { FailoverSettings } from "../../components/core/failover/settings";
import type { Block } from "./group";
import type { ChainView, NodeosControl } from "./nodeos-control";

const SLOT_MS = 500;
const TURN_MS = 6_000;
const LOOK_MS = 20;

/**
 * Stops production at a good moment and waits until nothing is signed any more: nodeos still ends the block that it has in
 * hand when it is told to pause. Answers with the chain as it then is. Throws where nodeos does not say that it has paused.
 */
export async function drain(
  nodeos: NodeosControl,
  { producer, timing }: FailoverSettings,
  clock: () => number,
  mayProduce: () => boolean,
): Promise<ChainView> {
  await outOfTurn(nodeos, producer, clock, mayProduce);
  await nodeos.pause();
  const paused = await nodeos.look();
  const until = clock() + SLOT_MS + timing.earlySeconds * 1000;
  for (let view = paused; ; view = await nodeos.look()) {
    if (!view.paused) throw new Error("nodeos was told to pause and goes on");
    const isDone = view.producer === producer && view.head.number > paused.head.number;
    if (isDone || clock() >= until) return view;
    await pause(LOOK_MS);
  }
}

/** Between two turns of its own a producer misses nothing. One that is alone in the schedule is always in turn. */
async function outOfTurn(
  nodeos: NodeosControl,
  producer: string,
  clock: () => number,
  mayProduce: () => boolean,
): Promise<void> {
  const until = clock() + TURN_MS + SLOT_MS;
  for (;;) {
    const { schedule, producer: current } = await nodeos.look();
    if (schedule.length < 2 || current !== producer || clock() >= until || !mayProduce()) return;
    await pause(SLOT_MS / 2);
  }
}

/** The newest block of the group's own, where the head is one. */
export const ownHead = ({ producer }: FailoverSettings, view: ChainView): Block | undefined =>
  view.producer === producer ? view.head : undefined;

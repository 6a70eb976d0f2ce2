import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../core/config/finding";
import type { NodeApi } from "./node-api";

const POLL_MS = 200;

/**
 * Waits until a block is irreversible. Throws a `UserError` where the last irreversible block has not moved for `patience`
 * milliseconds.
 */
export async function irreversible(node: NodeApi, block: number, patience: number): Promise<void> {
  let [last, since] = [0, performance.now()];
  for (;;) {
    const { lib, head } = await node.info();
    if (lib >= block) return;
    if (lib !== last) [last, since] = [lib, performance.now()];
    else if (performance.now() - since > patience)
      throw new UserError(
        `the last irreversible block stands at ${lib} for ${Math.round(patience / 1000)} s (head ${head}): too few producers are at work. See that they produce, then run again`,
      );
    await pause(POLL_MS);
  }
}

/** Waits until something holds. Throws a `UserError` that says what did not. */
export async function until(what: string, patience: number, holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > patience)
      throw new UserError(
        `waited ${Math.round(patience / 1000)} s in vain until ${what}: look at the node's log, then run again`,
      );
    await pause(POLL_MS);
  }
}

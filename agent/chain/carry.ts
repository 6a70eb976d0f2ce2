import { rename } from "node:fs/promises";
import { join } from "node:path";
import { STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";
import { inspect, list, remove } from "../disk";
import { reasonOf } from "../steps/step";
import type { System } from "../system";
import { copyState, putAside } from "./aside";
import { DATABASE, STATE } from "./layout";
import { inspectState } from "./state";

/** While it is copied: half a database must not look like one. */
const HALF = join(STATE_IN_MEMORY, ".carried");

/**
 * Takes the state that a plan before left on the disk into memory, if nodeos closed it; else puts it aside, so that no later
 * start finds a state that the chain has gone past. Answers with what was done, for people. Safe to be killed in.
 */
export async function carryIntoMemory(system: System): Promise<string | undefined> {
  await remove(system, HALF);
  if (!(await inspect(system, STATE))) return undefined;
  const state = await inspectState(system, STATE);
  const isFree = (await list(system, STATE_IN_MEMORY)).length === 0;
  const why =
    state.is === "clean" && isFree ? await carried(system) : "it was not closed, or another is there";
  if (why === undefined) {
    await remove(system, STATE);
    return "the state on the disk was taken into memory";
  }
  await putAside(system, [STATE], system.now().toISOString(), state);
  return `the state on the disk was put aside: ${why}`;
}

/** The database alone: nodeos makes the rest anew. Answers why it could not be. */
async function carried(system: System): Promise<string | undefined> {
  try {
    await copyState(system, join(STATE, DATABASE), HALF);
    await rename(system.path(HALF), system.path(join(STATE_IN_MEMORY, DATABASE)));
    return undefined;
  } catch (error) {
    await remove(system, HALF);
    return reasonOf(error);
  }
}

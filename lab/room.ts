import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { MIRROR, PROJECT, stackPath } from "../stacks/stack-file";

/** Where one lab keeps what it has made. Two labs of different names never touch each other. */
export interface Room {
  /** Path of the stack file that the user wrote. */
  file: string;
  stack: string;
  /** Everything of this lab alone: gone with `lab:down`. */
  folder: string;
  /** The Pulumi project that runs the stack, and the stack's settings with what was made for it. */
  settings: string;
  keys: string;
  passphrase: string;
  state: string;
  /** The plan that was last brought up. */
  plan: string;
  /** There while a change is under way: found at start, the last run was interrupted. */
  underWay: string;
}

/** Shared by all labs of this project folder, kept by `lab:down`, removed by `lab:clean`. */
export const CACHE = join(PROJECT, ".nodewright");

const LABS = join(CACHE, "labs");

/** The room of a stack, by its name or its file. Throws a `UserError` if there is no such stack. */
export function roomOf(nameOrPath: string): Room {
  const file = stackPath(nameOrPath);
  const stack = /([^/]+?)\.ya?ml$/.exec(file)?.[1]?.replace(/^Pulumi\./, "") ?? nameOrPath;
  const folder = join(LABS, stack);
  return {
    file,
    stack,
    folder,
    settings: join(folder, `Pulumi.${stack}.yaml`),
    keys: join(folder, "keys.json"),
    passphrase: join(folder, "passphrase"),
    state: join(folder, "state"),
    plan: join(folder, "plan.json"),
    underWay: join(folder, "under-way"),
  };
}

export const LAB_LABEL = "nodewright.lab";

/** What everything of a lab carries on the Docker engine, which labs of other folders use too. */
export const labelsOf = ({ folder }: Room): Record<string, string> => ({ [LAB_LABEL]: folder });

/** Makes the room's folders. Only their owner may look inside. */
export function openRoom({ folder, state }: Room): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  mkdirSync(state, { recursive: true, mode: 0o700 });
  mkdirSync(MIRROR, { recursive: true });
}

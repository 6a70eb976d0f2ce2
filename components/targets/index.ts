import { docker } from "./docker";
import type { Target } from "./target";

/** Every target a stack file can name. One folder and one line each. */
export const targets: readonly Target[] = [docker];

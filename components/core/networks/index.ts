import { lab } from "./lab";
import type { ChainNetwork } from "./network";

/** Every network a stack file can name. One file and one line each. */
export const networks: Record<string, ChainNetwork> = { lab };

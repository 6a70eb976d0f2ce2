import { eos } from "./eos";
import { exsat } from "./exsat";
import { jungle } from "./jungle";
import { lab } from "./lab";
import type { ChainNetwork } from "./network";
import { wax } from "./wax";

/** Every network a stack file can name. One file and one line each. */
export const networks: Record<string, ChainNetwork> = { eos, jungle, wax, exsat, lab };

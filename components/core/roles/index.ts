import { archive } from "./archive";
import { backup } from "./backup";
import { monitor } from "./monitor";
import type { Role } from "./role";
import { rpc } from "./rpc";
import { seed } from "./seed";
import { validator } from "./validator";

/** Every role a stack file can name. One file and one line each. */
export const roles: readonly Role[] = [validator, rpc, archive, backup, seed, monitor];

import type { Drill } from "./drill";
import { fork } from "./fork";
import { shipLoss } from "./ship-loss";

/** Every drill, in the order that `npm run drill -- --help` lists them. One file and one line each. */
export const drills: readonly Drill[] = [shipLoss, fork];

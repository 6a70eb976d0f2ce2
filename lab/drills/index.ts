import type { Drill } from "./drill";
import { fork } from "./fork";
import { killNodeos } from "./kill-nodeos";
import { shipLoss } from "./ship-loss";
import { tornLog } from "./torn-log";

/** Every drill, in the order that `npm run drill -- --help` lists them. One file and one line each. */
export const drills: readonly Drill[] = [killNodeos, tornLog, shipLoss, fork];

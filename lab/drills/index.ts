import { artifact } from "./artifact";
import type { Drill } from "./drill";
import { failover } from "./failover";
import { fork } from "./fork";
import { killNodeos } from "./kill-nodeos";
import { provisionKill } from "./provision-kill";
import { restore } from "./restore";
import { rollback } from "./rollback";
import { rollingRestart } from "./rolling-restart";
import { shipLoss } from "./ship-loss";
import { tornLog } from "./torn-log";

/** Every drill, in the order that `npm run drill -- --help` lists them. One file and one line each. */
export const drills: readonly Drill[] = [
  provisionKill,
  rollback,
  artifact,
  killNodeos,
  tornLog,
  shipLoss,
  fork,
  restore,
  rollingRestart,
  failover,
];

import type { Finding } from "../../config/finding";
import type { Registry } from "../../config/registry";
import type { StackConfig } from "../../config/schema";
import type { Release } from "../../releases";
import type { Plan } from "../plan";
import { checkAddresses } from "./addresses";
import { checkAlerts } from "./alerts";
import { checkBudget } from "./budget";
import { checkChain } from "./chain";
import { checkDomain } from "./domain";
import { checkEdge } from "./edge";
import { checkEvm } from "./evm";
import { checkFailover, checkQuorum } from "./failover";
import { checkNames } from "./names";
import { checkPackageMirror } from "./package-mirror";
import { checkPeers } from "./peers";
import { checkPools } from "./pools";
import { checkPorts } from "./ports";
import { checkProducers } from "./producers";
import { checkPrograms } from "./programs";
import { checkRequires } from "./requires";
import { checkSinglePoints } from "./single-points";
import { checkSnapshots } from "./snapshots";
import { checkStandIns } from "./stand-ins";
import { checkState } from "./state";
import { checkTarget } from "./target";
import { checkZones } from "./zones";

/** What a check looks at. */
export interface Checked {
  plan: Plan;
  config: StackConfig;
  registry: Registry;
  /** The whole release lock. */
  releases: readonly Release[];
  /** False where mistakes were taken out of the file: what is not there may only have been mistyped. */
  whole: boolean;
}

/** One rule over the whole plan. To add one: a file here and a line below. */
export type Check = (checked: Checked) => Finding[];

/** Checks that look at what is there: they hold for what is left of a file with mistakes, too. */
const checks: readonly Check[] = [
  checkNames,
  checkAddresses,
  checkPorts,
  checkProducers,
  checkFailover,
  checkEvm,
  checkChain,
  checkTarget,
  checkState,
  checkPackageMirror,
];

/** Checks that look for what is missing: said only where nothing was taken out, or they would complain of a typo twice. */
const checksOfWhole: readonly Check[] = [
  checkRequires,
  checkQuorum,
  checkPrograms,
  checkPools,
  checkZones,
  checkPeers,
  checkStandIns,
  checkSnapshots,
  checkDomain,
  checkBudget,
  checkSinglePoints,
  checkAlerts,
  checkEdge,
];

/** Everything that is wrong with a plan, or worth knowing of it. What is missing is looked for only where the file is whole. */
export function checkPlan(checked: Checked): Finding[] {
  return [...checks, ...(checked.whole ? checksOfWhole : [])].flatMap((check) => check(checked));
}

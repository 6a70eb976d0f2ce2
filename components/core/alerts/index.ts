import type { AlertGroup } from "./alert";
import { chain } from "./chain";
import { edge } from "./edge";
import { failover } from "./failover";
import { hosts } from "./hosts";
import { keeping } from "./keeping";
import { watching } from "./watching";

/** Every alert. One group a file, one line each. */
export const alertGroups: readonly AlertGroup[] = [hosts, chain, edge, failover, keeping, watching];

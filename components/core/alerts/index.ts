import type { AlertGroup } from "./alert";
import { chain } from "./chain";
import { hosts } from "./hosts";
import { keeping } from "./keeping";
import { watching } from "./watching";

/** Every alert. One group a file, one line each. */
export const alertGroups: readonly AlertGroup[] = [hosts, chain, keeping, watching];

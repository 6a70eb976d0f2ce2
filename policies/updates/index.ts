import { dataDiskLeaves } from "./data-disk-leaves";
import { manyHostsLeave } from "./many-hosts-leave";
import { secretInState } from "./secret-in-state";
import type { UpdateRule } from "./step";
import { validatorLeaves } from "./validator-leaves";
import { versionDowngrade } from "./version-downgrade";

/** Every rule over what an update would do. One file and one line each. */
export const updateRules: readonly UpdateRule[] = [
  validatorLeaves,
  dataDiskLeaves,
  manyHostsLeave,
  versionDowngrade,
  secretInState,
];

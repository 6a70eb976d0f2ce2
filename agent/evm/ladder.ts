import type { Fault } from "./fault";

/** What was done after an end, since the last run that lasted. */
export interface Try {
  fault: Fault;
  step: Step["kind"];
  /** Name of the copy that was restored. */
  copy?: string;
}

export type Step =
  | { kind: "start" }
  /** The source lacks blocks that are needed: it is not asked again until the next start of the unit. */
  | { kind: "other-source" }
  | { kind: "restore"; copy: string }
  /** Everything from state history, from the block of the genesis on. */
  | { kind: "rebuild" }
  | { kind: "stop"; reason: string; remedy: string };

export interface Means {
  /** Names of copies that are irreversible on the chain as it is now, newest first. */
  copies: readonly string[];
  /** Whether a source is left that did not lack blocks. */
  otherSource: boolean;
  /** Whether state history reaches back to the block of the genesis. */
  reachesBack: boolean;
}

/** Plain starts after a crash without words, before the database is taken for broken. */
const CRASHES = 3;

/**
 * What to do after an end: the smallest step that was not tried since the chain last ran for a while. Bounded, but for a
 * lost connection, which is no fault of this host.
 */
export function nextStep(fault: Fault, tries: readonly Try[], means: Means): Step {
  const before = tries.filter((each) => each.fault === fault).length;
  switch (fault) {
    case "ship":
      return { kind: "start" };
    case "genesis":
      return {
        kind: "stop",
        reason: "eos-evm-node does not take its genesis",
        remedy: "provision the host again (nodewright-host provision), then: systemctl start evm-node",
      };
    case "history":
      return means.otherSource ? { kind: "other-source" } : noHistory;
    case "fork":
      // A start goes on from the stored last irreversible block, which is before any honest fork.
      return before === 0 ? { kind: "start" } : restore(tries, means);
    case "crash":
      return before < CRASHES ? { kind: "start" } : restore(tries, means);
    case "database":
      return restore(tries, means);
    default:
      return fault satisfies never;
  }
}

const noHistory: Step = {
  kind: "stop",
  reason: "no source of state history reaches back to the block that the EVM chain needs next",
  remedy:
    "restore a newer backup of the chain data, or give this host a nodeos with older state history; then: systemctl start evm-node",
};

function restore(tries: readonly Try[], { copies, reachesBack }: Means): Step {
  const copy = copies.find((name) => !tries.some((each) => each.copy === name));
  if (copy !== undefined) return { kind: "restore", copy };
  if (reachesBack && !tries.some(({ step }) => step === "rebuild")) return { kind: "rebuild" };
  return {
    kind: "stop",
    reason: "the chain data cannot be used, and every irreversible copy of it was tried",
    remedy: "restore a backup of the chain data from elsewhere, then: systemctl start evm-node",
  };
}

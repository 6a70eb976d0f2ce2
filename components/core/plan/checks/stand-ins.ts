import { type Finding, warning } from "../../config/finding";
import type { Plan } from "../plan";
import type { Check } from "./index";

/** Why a stack must not be brought up as it is: software that only looks like the real one, on a chain of others. */
export function standInsOnPublicChain({ network, standIns, acceptStandIns }: Plan): string | undefined {
  if (network.birth || standIns.length === 0 || acceptStandIns !== undefined) return undefined;
  const software = [...new Set(standIns.map(({ service }) => service))].join(", ");
  return `the release lock brings nothing real for ${software}, and ${network.name} is a chain of others: give a lock of your own under releases (docs/releases.md), or say in acceptStandIns why stand-ins will do`;
}

/** A plan and a preview may have them; `pulumi up` refuses. */
export const checkStandIns: Check = ({ plan }): Finding[] => {
  const reason = standInsOnPublicChain(plan);
  return reason === undefined
    ? []
    : [warning("releases", `${reason}; until then this stack can be previewed only`)];
};

import type { Endpoint, Plan, StandIn } from "../components/core/plan/plan";
import type { HostOutputs } from "../components/targets/provisioner";

/** What a stack tells other stacks and its operator. Nothing secret. */
export interface StackOutputs {
  network: string;
  chainId: number;
  hosts: Record<string, HostOutputs>;
  endpoints: Endpoint[];
  standIns: StandIn[];
}

export function stackOutputs(
  plan: Plan,
  hosts: Record<string, HostOutputs>,
): Record<keyof StackOutputs, unknown> {
  return {
    network: plan.network.name,
    chainId: plan.network.evm.chainId,
    hosts,
    endpoints: plan.endpoints,
    standIns: plan.standIns,
  };
}

import type { EdgePlan } from "../../components/core/edge/edge-plan";
import { proxySettings } from "../../components/core/services/proxy-settings";
import type { EdgeSettings } from "../../edge/settings";
import { freePort } from "../support/free-port";

/** What HAProxy and the gateway are told where both, the nodes and the writers are on loopback. */
export interface LoopbackPlan {
  plan: Omit<EdgePlan, "folder">;
  gateway: EdgeSettings;
}

const upstream = (name: string, port: number) => ({ name, host: "127.0.0.1", port });
const urlOf = ({ name, port }: { name: string; port: number }) => ({ name, url: `http://127.0.0.1:${port}` });

type Ports = Pick<EdgePlan, "port" | "gatewayPort" | "agentPort" | "insidePort" | "metricsPort">;

/** With ports that were free a moment ago. `settings` as a stack file gives them to `services.proxy`. */
export async function loopbackPlan(
  nodes: readonly number[],
  writers: readonly number[],
  settings: object,
): Promise<LoopbackPlan> {
  const [port, gatewayPort, agentPort, insidePort, metricsPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  return loopbackPlanAt({ port, gatewayPort, agentPort, insidePort, metricsPort }, nodes, writers, settings);
}

export function loopbackPlanAt(
  { port, gatewayPort, agentPort, insidePort, metricsPort }: Ports,
  nodes: readonly number[],
  writers: readonly number[],
  settings: object,
): LoopbackPlan {
  const { limits, timeouts, methods, behind, maxConnections, health, ...given } =
    proxySettings.parse(settings);
  const { keys, tiers, anonymous } = given;
  const servers = nodes.map((node, index) => upstream(`own.rpc-${index + 1}`, node));
  const plan = {
    ...{ port, gatewayPort, agentPort, insidePort, metricsPort, memberPort: undefined },
    ...{ limits, timeouts, methods, behind, maxConnections },
    apiKeys: { keys, tiers, anonymous },
    nodes: servers,
    ownNodes: servers,
    writers: writers.map((writer, index) => upstream(`own.wrapper-${index + 1}`, writer)),
  };
  const { unitsPerSecond: _, connectionsPerClient: __, ...gatewayLimits } = limits;
  const gateway = {
    ...{ port: gatewayPort, agentPort, inside: `http://127.0.0.1:${insidePort}`, methods, health },
    nodes: plan.nodes.map(urlOf),
    writers: plan.writers.map(urlOf),
    limits: gatewayLimits,
    timeouts: { read: timeouts.read * 1000, heavy: timeouts.heavy * 1000, write: timeouts.write * 1000 },
    client: given.client,
  };
  return { plan, gateway };
}

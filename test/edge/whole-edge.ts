import type { EdgePlan } from "../../components/core/edge/edge-plan";
import { proxySettings } from "../../components/core/services/proxy-settings";
import { type Edge, startEdge } from "../../edge/start";
import type { FakeNode } from "./fake-node";
import { freePort, Haproxy } from "./haproxy";

const upstream = (name: string, { port }: FakeNode) => ({ name, host: "127.0.0.1", port });

/** The whole edge on loopback, as a host runs it: HAProxy with the plan's configuration, and the gateway. */
export class WholeEdge {
  readonly haproxy = new Haproxy();
  plan!: Omit<EdgePlan, "folder">;
  gateway!: Edge;

  async start(
    nodes: readonly FakeNode[],
    writers: readonly FakeNode[] = [],
    settings: object = {},
  ): Promise<this> {
    const { limits, timeouts, methods, behind, maxConnections, health } = proxySettings.parse(settings);
    const [port, gatewayPort, agentPort, insidePort, metricsPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const servers = nodes.map((node, index) => upstream(`own.rpc-${index + 1}`, node));
    this.plan = {
      ...{ port, gatewayPort, agentPort, insidePort, metricsPort, memberPort: undefined },
      ...{ limits, timeouts, methods, behind, maxConnections },
      nodes: servers,
      ownNodes: servers,
      writers: writers.map((writer, index) => upstream(`own.wrapper-${index + 1}`, writer)),
    };
    const urlOf = ({ name, port: own }: { name: string; port: number }) => ({
      name,
      url: `http://127.0.0.1:${own}`,
    });
    const { unitsPerSecond: _, connectionsPerClient: __, ...gatewayLimits } = limits;
    this.gateway = await startEdge({
      ...{ port: gatewayPort, agentPort, inside: `http://127.0.0.1:${insidePort}`, methods, health },
      nodes: this.plan.nodes.map(urlOf),
      writers: this.plan.writers.map(urlOf),
      limits: gatewayLimits,
      timeouts: { read: timeouts.read * 1000, heavy: timeouts.heavy * 1000, write: timeouts.write * 1000 },
      client: "nodewright-edge",
    });
    await this.haproxy.start(this.plan);
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.plan.port}`;
  }

  async stop(): Promise<void> {
    await this.haproxy.stop();
    await this.gateway.stop();
  }
}

import { join } from "node:path";
import type { EdgePlan } from "../../components/core/edge/edge-plan";
import { type Edge, startEdge } from "../../edge/start";
import type { FakeNode } from "./fake-node";
import { Haproxy } from "./haproxy";
import { loopbackPlan } from "./loopback-plan";

const portOf = ({ port }: FakeNode) => port;

/** The whole edge on loopback, as a host runs it: HAProxy with the plan's configuration, and the gateway. */
export class WholeEdge {
  readonly haproxy = new Haproxy();
  plan!: Omit<EdgePlan, "folder">;
  gateway!: Edge;

  async start(
    nodes: readonly FakeNode[],
    writers: readonly FakeNode[] = [],
    settings: object = {},
    over: Partial<EdgePlan> = {},
  ): Promise<this> {
    const { plan, gateway } = await loopbackPlan(nodes.map(portOf), writers.map(portOf), settings);
    this.plan = { ...plan, ...over };
    this.gateway = await startEdge({ ...gateway, counts: join(this.haproxy.folder, "stats.sock") });
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

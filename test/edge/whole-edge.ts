import { join } from "node:path";
import type { EdgePlan } from "../../components/core/edge/edge-plan";
import type { EdgeSettings } from "../../edge/settings";
import { type Edge, startEdge } from "../../edge/start";
import { Haproxy } from "./haproxy";
import { loopbackPlan, loopbackPlanAt } from "./loopback-plan";

/** What listens on loopback: a fake, or the real thing. */
interface Server {
  readonly port: number;
}

const portOf = ({ port }: Server) => port;

/** The whole edge on loopback, as a host runs it: HAProxy with the plan's configuration, and the gateway. */
export class WholeEdge {
  readonly haproxy = new Haproxy();
  plan!: Omit<EdgePlan, "folder">;
  gateway!: Edge;
  settings!: EdgeSettings;
  private servers!: [nodes: readonly Server[], writers: readonly Server[]];

  async start(
    nodes: readonly Server[],
    writers: readonly Server[] = [],
    settings: object = {},
    over: Partial<EdgePlan> = {},
  ): Promise<this> {
    this.servers = [nodes, writers];
    const { plan, gateway } = await loopbackPlan(nodes.map(portOf), writers.map(portOf), settings);
    this.plan = { ...plan, ...over };
    this.settings = this.whole(gateway);
    this.gateway = await startEdge(this.settings);
    await this.haproxy.start(this.plan);
    return this;
  }

  /** Other settings, as a run of the host's agent brings them: files anew, and both are told. False where a restart would be needed. */
  async change(settings: object): Promise<boolean> {
    const [nodes, writers] = this.servers;
    const { plan, gateway } = loopbackPlanAt(this.plan, nodes.map(portOf), writers.map(portOf), settings);
    this.haproxy.write(plan);
    await this.haproxy.reload();
    this.settings = this.whole(gateway);
    return this.gateway.apply(this.settings);
  }

  private whole(gateway: EdgeSettings): EdgeSettings {
    return { ...gateway, counts: join(this.haproxy.folder, "stats.sock") };
  }

  get url(): string {
    return `http://127.0.0.1:${this.plan.port}`;
  }

  async stop(): Promise<void> {
    await this.haproxy.stop();
    await this.gateway.stop();
  }
}
